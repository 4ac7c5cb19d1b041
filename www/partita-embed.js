// Defines <partita-run>: a run of Partita inside any document. Include it as a classic script from where Partita lies.
(() => {
  // Lines that begin with two slashes are taken out when the site is built.
  if (customElements.get('partita-run')) return;
  const own = document.currentScript ?? document.querySelector('script[src*="partita-embed.js"]');
  const page = new URL('embed.html', own.src);
  const NAMES = {{names}};
  const WATCHED = ['class', 'lang', 'style', 'data-theme', 'data-bs-theme', 'data-md-color-scheme', 'data-color-mode'];

  // The theme of the page around an element: what its nearest ancestor says, or what lies behind it, or the system's.
  const THEMES = { dark: 1, slate: 1, navy: 1, coal: 1, ayu: 1, light: 0, default: 0, rust: 0 };
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { theme, bsTheme, mdColorScheme, colorMode } = at.dataset;
      const words = [theme, bsTheme, mdColorScheme, colorMode, ...[...at.classList].filter((word) => word !== 'default')];
      const word = words.find((word) => Object.hasOwn(THEMES, word));
      if (word) return THEMES[word] === 1;
    }
    for (let at = element; at; at = at.parentElement) {
      const [red, green, blue, alpha = 1] = /^rgb/.test(getComputedStyle(at).backgroundColor) ? getComputedStyle(at).backgroundColor.match(/[\d.]+/g) : [0, 0, 0, 0];
      if (alpha > 0.5) return red * 0.3 + green * 0.6 + blue * 0.1 < 128;
    }
    const scheme = getComputedStyle(element).colorScheme;
    return scheme.includes('dark') && (!scheme.includes('light') || system.matches);
  };
  // What its frame tells, with the sort of each field. Anything else is not of this protocol.
  const PLACE = { step: 'number', ended: 'boolean' };
  const TOLD = {
    poster: {},
    loading: {},
    ready: PLACE,
    step: { step: 'number', time: 'string', text: 'string' },
    ended: {},
    resize: { height: 'number' },
    error: { fatal: 'boolean', message: 'string' },
  };
  const isTold = (data) =>
    data?.partita === 1 && Object.hasOwn(TOLD, data.type) && Object.entries(TOLD[data.type]).every(([name, sort]) => typeof data[name] === sort);
  const look = new CSSStyleSheet();
  look.replaceSync(':host{display:block;margin:1em 0}iframe{display:block;width:100%;box-sizing:border-box;border:1px solid #8B857766;border-radius:5px}');

  class Run extends HTMLElement {
    static observedAttributes = NAMES;
    #root = this.attachShadow({ mode: 'open' });
    #frame;
    #watch;
    #step;
    #isAsked;
    // What is to be told as soon as the frame listens.
    #waiting;
    // Theme and language as the frame knows them.
    #told;
    #isHanded = false;

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [look];
    }

    connectedCallback() {
      this.#watch = new MutationObserver(() => this.#follow());
      this.#look();
      addEventListener('message', this);
      system.addEventListener('change', this);
      this.#make();
    }

    // One that is moved by `moveBefore` keeps its frame, and stands on another ground.
    connectedMoveCallback() {
      this.#watch.disconnect();
      this.#look();
      this.#follow();
    }

    #look() {
      for (let at = this.parentElement; at; at = at.parentElement) this.#watch.observe(at, { attributeFilter: WATCHED });
    }

    disconnectedCallback() {
      this.#watch.disconnect();
      removeEventListener('message', this);
      system.removeEventListener('change', this);
      this.#frame?.remove();
      this.#frame = undefined;
    }

    attributeChangedCallback(name, old, now) {
      if (!this.#frame || old === now) return;
      if (name === 'theme' || name === 'lang') return this.#follow();
      if (name === 'height') return this.#size();
      if (this.#isAsked) return;
      this.#isAsked = true;
      // Several attributes are changed at once.
      queueMicrotask(() => {
        this.#isAsked = false;
        this.#step = undefined;
        if (this.isConnected) this.#make();
      });
    }

    get #theme() {
      const fixed = this.getAttribute('theme');
      return fixed === 'dark' || fixed === 'light' ? fixed : isDark(this) ? 'dark' : 'light';
    }

    get #lang() {
      const fixed = this.getAttribute('lang');
      const around = this.parentElement?.closest('[lang]')?.lang || navigator.language;
      return fixed === 'ko' || fixed === 'en' ? fixed : /^ko\b/i.test(around) ? 'ko' : 'en';
    }

    #size() {
      const height = Number(this.getAttribute('height'));
      this.#frame.height = height >= {{least-height}} && height <= {{most-height}} ? height : {{height}};
    }

    // Its title is the element's, or else what the element holds, which may be parsed behind its beginning.
    #name() {
      this.#frame.title = this.title || this.textContent.trim().replace(/\s+/g, ' ').slice(0, 100) || 'Partita';
    }

    #make() {
      this.#frame?.remove();
      const frame = document.createElement('iframe');
      const given = NAMES.map((name) => [name, this.getAttribute(name)]).filter(([, value]) => value !== null);
      const asked = Object.fromEntries(given);
      this.#told = { theme: this.#theme, lang: this.#lang };
      // What is none is left to the frame, which says so.
      for (const [name, now] of Object.entries(this.#told)) {
        if (!asked[name] || asked[name] === 'auto') asked[name] = now;
        else if (asked[name] !== now) this.#told[name] = '';
      }
      // Who comes back comes back to where the reader stood.
      if (this.#step !== undefined) asked.step = this.#step;
      // The frame knows by it that somebody hands over the script of `src`.
      frame.name = 'partita-run';
      frame.loading = asked.start === 'now' ? 'eager' : 'lazy';
      // Scripts, and the origin whose files they are; a new tab for the whole page, which is no frame any more.
      frame.sandbox = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox';
      frame.src = page + '#' + Object.entries(asked).map(([name, value]) => name + '=' + encodeURIComponent(value)).join('&');
      this.#frame = frame;
      this.#waiting = [];
      this.#isHanded = false;
      this.#name();
      this.#size();
      this.#root.append(frame);
      this.dataset.state = 'poster';
    }

    #follow() {
      if (this.#waiting) return;
      for (const [name, now] of [['theme', this.#theme], ['lang', this.#lang]]) {
        if (this.#told[name] !== now) this.#tell({ type: name, [name]: (this.#told[name] = now) });
      }
    }

    #tell(message) {
      if (this.#waiting) this.#waiting.push(message);
      else this.#frame?.contentWindow?.postMessage({ partita: 1, ...message }, page.origin);
    }

    async #fetch() {
      const src = this.getAttribute('src');
      const frame = this.#frame;
      let load;
      try {
        const address = new URL(src, document.baseURI);
        if (address.origin !== location.origin) throw 'origin';
        const answer = await fetch(address, { mode: 'same-origin', redirect: 'error' });
        if (!answer.ok) throw answer.status;
        const parts = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        for (let part; !(part = await parts.read()).done; ) {
          if ((text += part.value).length > {{script-characters}}) {
            parts.cancel();
            throw 'long';
          }
        }
        load = { text };
      } catch (why) {
        load = { missing: String(why) };
      }
      if (frame === this.#frame) this.#tell({ type: 'load', step: this.#step, ...load });
    }

    handleEvent({ type, source, origin, data }) {
      if (type === 'change') return this.#follow();
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== page.origin || !isTold(data)) return;
      const { partita, type: what, ...detail } = data;
      if (what === 'poster') {
        const waiting = this.#waiting ?? [];
        const asks = (name) => this.getAttribute(name);
        this.#waiting = undefined;
        // What has changed while it was on its way.
        this.#name();
        this.#follow();
        waiting.forEach((message) => this.#tell(message));
        // Once for each frame: one that begins anew with what it was handed would ask for ever.
        if (this.getAttribute('src') && !asks('scenario') && !asks('run') && !this.#isHanded) {
          this.#isHanded = true;
          this.#fetch();
        }
      } else if (what === 'step' || what === 'ready') {
        this.#step = detail.step;
        this.dataset.state = detail.ended ? 'ended' : 'ready';
      } else if (what !== 'resize' && detail.fatal !== false) {
        this.dataset.state = what;
      }
      this.dispatchEvent(new CustomEvent('partita:' + what, { detail }));
    }

    seek(step) {
      this.#tell({ type: 'seek', step });
    }
    play() {
      this.#tell({ type: 'play' });
    }
    pause() {
      this.#tell({ type: 'pause' });
    }
  }
  customElements.define('partita-run', Run);
})();
