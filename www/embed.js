// The embed's own script: reads what the address of its frame asks for, draws the poster, and fetches the program when the
// run starts. It speaks with the page around it; what the program has to say goes through `partitaEmbed`.
(() => {
  const root = document.documentElement;
  const base = document.currentScript.src;
  // Each ready scenario: its title in both languages, and the line with which its first chapter begins.
  const posters = {{posters}};
  const PARTS = ['stations', 'partition', 'groups', 'narration', 'scrubber', 'controls', 'code'];
  // `src` is what the element fetches and hands over in a message.
  const NAMES = ['scenario', 'run', 'src', 'step', 'until', 'show', 'partition', 'height', 'start', 'theme', 'lang', 'edit'];
  const WAITING = 32;

  // What is wrong with what was asked for, as pairs of an English and a Korean sentence.
  const wrong = [];
  const asked = {};
  const found = (text) => '`' + (text.length > 40 ? text.slice(0, 40) + '…' : text) + '`';
  const tell = (what, en, ko) => wrong.push([found(what) + en, found(what) + ko]);

  const read = () => {
    for (const part of location.hash.slice(1).split('&')) {
      if (!part) continue;
      const [name, ...rest] = part.split('=');
      let value = rest.join('=');
      try {
        value = decodeURIComponent(value);
      } catch {
        tell(part, ' is no percent-encoded text, and is read as it stands.', ': 퍼센트 인코딩이 올바르지 않아 쓰인 그대로 읽었습니다.');
      }
      if (!NAMES.includes(name)) {
        const all = NAMES.join(', ');
        tell(name, ` is nothing that an embed knows. Allowed: ${all}.`, `: 임베드에 없는 이름입니다. 쓸 수 있는 것: ${all}.`);
      } else if (name in asked) {
        tell(name, ' is given twice, and the first one counts.', ': 두 번 나옵니다. 앞의 것만 씁니다.');
      } else {
        asked[name] = value.trim();
      }
    }
  };

  // A whole number within bounds, or undefined.
  const number = (name, least, most, en, ko) => {
    const text = asked[name];
    if (text === undefined || text === '') return undefined;
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value;
    tell(`${name}=${text}`, en, ko);
  };
  const word = (name, allowed) => {
    const text = asked[name];
    if (text === undefined || text === '' || allowed.includes(text)) return text || allowed[0];
    const all = allowed.join(', ');
    tell(`${name}=${text}`, `: allowed are ${all}. It is taken as ${allowed[0]}.`, `: 쓸 수 있는 것은 ${all}입니다. ${allowed[0]}로 봅니다.`);
    return allowed[0];
  };
  const list = (name) => (asked[name] ?? '').split(/[\s,]+/).filter(Boolean);

  read();
  const has = (name) => Boolean(asked[name]);
  const begins = word('start', ['view', 'click', 'now']);
  const theme = word('theme', ['auto', 'light', 'dark']);
  const language = word('lang', ['auto', 'en', 'ko']);
  const step = [': a whole number from 0 on is allowed.', ': 0 이상의 정수를 쓸 수 있습니다.'];
  asked.step = number('step', 0, 1e15, ...step);
  asked.until = number('until', 0, 1e15, ...step);
  if (asked.until < (asked.step ?? 0)) {
    tell(`until=${asked.until}`, ` lies before step=${asked.step}: the run goes on to its end.`, `: step=${asked.step}보다 앞입니다. 끝까지 진행합니다.`);
    asked.until = undefined;
  }
  number('height', 240, 2000, ': a whole number of pixels from 240 to 2000 is allowed; 440 is taken.', ': 240부터 2000까지의 픽셀 수를 쓸 수 있습니다. 440으로 봅니다.');
  const unknown = list('show').filter((part) => !PARTS.includes(part));
  for (const part of unknown) {
    const all = PARTS.join(', ');
    tell(part, ` in show is no part of an embed. Allowed: ${all}.`, `: show에 쓸 수 없습니다. 쓸 수 있는 것: ${all}.`);
  }
  const shown = list('show').filter((part) => PARTS.includes(part));
  const parts = shown.length > 0 ? shown : PARTS.filter((part) => part !== 'code');
  root.dataset.show = parts.join(' ');

  // Theme and language are the page's around it: told by its element, or else the browser's.
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let shade = theme;
  const paint = () => (root.dataset.theme = shade === 'auto' ? (dark.matches ? 'dark' : 'light') : shade);
  dark.addEventListener('change', paint);
  paint();
  const speak = (lang) => (root.lang = lang === 'auto' ? (navigator.language.startsWith('ko') ? 'ko' : 'en') : lang);
  speak(language);
  const said = (pair) => pair[root.lang === 'ko' ? 1 : 0];

  const post = (message) => parent !== self && parent.postMessage({ partita: 1, ...message }, '*');
  const state = (name) => (root.dataset.embed = name);

  // The poster: a title, a sentence and a play button where the program will have its own.
  let poster = { title: ['Partita', 'Partita'], says: ['', ''] };
  const draw = () => {
    const put = (id, text) => document.getElementById(id) && (document.getElementById(id).textContent = text);
    put('poster-title', said(poster.title));
    put('poster-says', said(poster.says));
    document.title = said(poster.title) + ' · Partita';
    const note = root.dataset.embed === 'loading' ? [['Loading the run.', '실행을 불러오는 중입니다.'], ...wrong] : wrong;
    const place = document.getElementById('poster-note');
    // What stands in backquotes is shown as code.
    place?.replaceChildren(
      ...note
        .map(said)
        .join(' ')
        .split('`')
        .map((text, i) => (i % 2 ? Object.assign(document.createElement('code'), { textContent: text }) : text)),
    );
  };
  // What a script's first chapter is called, and what it says.
  const told = (script) => {
    const line = /^chapter[ \t]+(?:"((?:[^"\\]|\\.)*)"|(\S+))(.*)$/m.exec(script);
    if (!line) return {};
    const plain = (text) => text?.replace(/\\(.)/g, '$1');
    const options = {};
    for (const [, name, quoted, bare] of line[3].matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) options[name] = plain(quoted ?? bare);
    const [title, says] = [plain(line[1] ?? line[2]), options.says ?? ''];
    return { title: [title, options.ko ?? title], says: [says, options['ko-says'] ?? says] };
  };
  const pose = (script) => {
    const { title, says } = told(script);
    const ready = posters[/^%page scenario=(\S+)/m.exec(script)?.[1]];
    poster = { title: ready?.slice(0, 2) ?? title ?? ['A run', '실행'], says: says ?? ['', ''] };
    draw();
  };
  const unpacked = async (link) => {
    const bytes = Uint8Array.from(atob(link.slice(link.indexOf('.') + 1).replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
  };

  // Nothing can be shown.
  let isLost = false;
  const fail = (en, ko) => {
    isLost = true;
    wrong.unshift([en, ko]);
    state('error');
    draw();
    post({ type: 'error', message: wrong.map(said).join(' ') });
  };

  let act = null;
  let waiting = [];
  const start = () => {
    if (root.dataset.embed !== 'poster' || isLost) return;
    state('loading');
    draw();
    post({ type: 'loading' });
    // What the page itself does without: the program would ask for it when the first part is there.
    for (const part of [{{parts}}]) {
      const href = new URL(`./${part}`, base).href;
      document.head.append(Object.assign(document.createElement('link'), { rel: 'preload', as: 'fetch', crossOrigin: '', href }));
    }
    const script = document.createElement('script');
    script.src = new URL('./partita.js', base);
    script.addEventListener('error', () => broke(`${script.src}: not found`, null));
    document.head.append(script);
  };
  const press = (name, value = '') => {
    if (act) return act(name, value);
    if (waiting.length < WAITING) waiting.push([name, value]);
    start();
  };

  // The program broke, or did not come: the last picture stays, and one may begin again.
  const broke = (message, step) => {
    state('error');
    const app = document.getElementById('app');
    if (app) app.inert = true;
    const panel = document.createElement('div');
    panel.className = 'em-broke';
    panel.setAttribute('role', 'alert');
    const at = step === null ? ['', ''] : [` at step ${step}`, `(${step}번 스텝)`];
    const add = (tag, text) => Object.assign(panel.appendChild(document.createElement(tag)), { textContent: text });
    add('p', said([`The run broke${at[0]}. This is a mistake of Partita's, or its files did not come.`, `실행이 멈췄습니다${at[1]}. Partita의 오류이거나 파일을 받지 못했습니다.`]));
    const again = add('button', said(['Begin again', '다시 시작']));
    again.type = 'button';
    again.className = 'btn p';
    again.addEventListener('click', () => again_from(step));
    add('pre', message).tabIndex = 0;
    document.body.append(panel);
    post({ type: 'error', message });
  };
  const written = () => Object.entries(asked).filter(([, value]) => value !== undefined && value !== '' && typeof value !== 'object');
  const go_to = (entries) => {
    location.replace('#' + entries.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&'));
    location.reload();
  };
  const again_from = (step) =>
    go_to(Object.entries({ ...Object.fromEntries(written()), start: 'now', ...(step > 0 && { step: step - 1 }) }));

  // What the program is asked for, and what it tells.
  let first = true;
  let last = null;
  let tall = 0;
  const measure = () => {
    const over = (element) => Math.max(0, element.scrollHeight - element.clientHeight);
    const most = Math.max(0, ...[...document.querySelectorAll('.em .col-s, .em .nr')].map(over));
    if (innerHeight + most > tall) post({ type: 'resize', height: (tall = innerHeight + most) });
  };
  globalThis.partitaEmbed = {
    asked: (name) => (asked[name] === undefined || asked[name] === '' ? undefined : String(asked[name])),
    shows: (part) => parts.includes(part),
    wrong: () => wrong.map((pair) => pair.join('\t')).join('\n'),
    attach(how) {
      act = how;
      const pressed = waiting;
      waiting = [];
      for (const [name, value] of pressed) act(name, value);
    },
    at(step, time, text, ended) {
      const is = { step, ended };
      if (first) post({ type: 'ready', ...is });
      else if (step !== last?.step) post({ type: 'step', step, time, text });
      if (ended && !last?.ended) post({ type: 'ended' });
      state(ended ? 'ended' : 'ready');
      first = false;
      last = is;
      requestAnimationFrame(measure);
    },
    told: (en, ko) => post({ type: 'error', message: said([en, ko]) }),
    fail,
    broke,
  };

  // What the page around it asks for.
  const isStep = (value) => Number.isSafeInteger(value) && value >= 0;
  const shapes = {
    load: (m) => ['scenario', 'run', 'text', 'missing'].filter((name) => typeof m[name] === 'string').length === 1 && (m.step === undefined || isStep(m.step)),
    seek: (m) => isStep(m.step),
    play: () => true,
    pause: () => true,
    theme: (m) => ['auto', 'light', 'dark'].includes(m.theme),
    lang: (m) => ['auto', 'en', 'ko'].includes(m.lang),
  };
  const pack = async (text) => {
    const packed = await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
    const bytes = Array.from(new Uint8Array(packed), (byte) => String.fromCharCode(byte)).join('');
    return '1.' + btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  };
  const deeds = {
    async load({ scenario, run, text, missing, step }) {
      if (missing !== undefined) {
        const what = found('src=' + (asked.src ?? ''));
        return fail(`${what} could not be had: ${missing}.`, `${what}: 가져오지 못했습니다(${missing}).`);
      }
      const { scenario: a, run: b, text: c, src: d, ...others } = asked;
      if (root.dataset.embed === 'poster' || isLost) {
        // Nothing has been fetched yet: it is taken as if it had been asked for at once.
        Object.assign(asked, { scenario, run, text, step: step ?? asked.step });
        wrong.length = 0;
        isLost = false;
        state('poster');
        begin();
        return;
      }
      const wanted = { ...others, step, scenario, run: text === undefined ? run : await pack(text), start: 'now' };
      go_to(Object.entries(wanted).filter(([, value]) => value !== undefined && value !== ''));
    },
    seek({ step }) {
      if (root.dataset.embed === 'poster') asked.step = step;
      else press('seek', String(step));
    },
    play: () => press('start'),
    pause() {
      waiting = waiting.filter(([name]) => name !== 'start' && name !== 'play');
      if (act) act('pause', '');
    },
    theme(m) {
      shade = m.theme;
      paint();
    },
    lang(m) {
      speak(m.lang);
      draw();
      if (act) act('lang', root.lang);
    },
  };
  addEventListener('message', ({ source, data }) => {
    if (source !== parent || parent === self || data?.partita !== 1 || !Object.hasOwn(shapes, data.type)) return;
    if (shapes[data.type](data)) deeds[data.type](data);
    else post({ type: 'error', message: said([`The message \`${data.type}\` has not the shape that it should have.`, `\`${data.type}\` 메시지의 형식이 올바르지 않습니다.`]) });
  });
  addEventListener('hashchange', () => location.reload());

  // Keys and buttons before the program is there wait for it.
  const KEYS = { ArrowRight: 'step', ArrowLeft: 'back', ' ': 'play' };
  addEventListener('keydown', (event) => {
    const name = KEYS[event.key];
    const isTaken = event.key === ' ' && event.target.closest?.('a, button');
    if (act || isLost || !name || isTaken || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (!event.repeat) press(name);
  });
  addEventListener('click', (event) => {
    const name = event.target.closest?.('[data-press]')?.dataset.press;
    if (name && !act && !isLost) press(name);
  });

  let eye = null;
  const begin = () => {
    eye?.disconnect();
    const given = ['scenario', 'run', 'text'].filter(has);
    if (given.length === 0) {
      // The element's `src` comes in a message.
      poster = { title: ['Partita', 'Partita'], says: ['', ''] };
      return fail(
        'There is no run to show: scenario, run or src says which.',
        '보여 줄 실행이 없습니다. scenario, run, src 가운데 하나로 정하세요.',
      );
    }
    if (given.length > 1) {
      const [one, other] = given;
      tell(other, ` stands beside ${one}: one of them is allowed, and ${one} is shown.`, `: ${one} 옆에 있습니다. 하나만 쓸 수 있어 ${one}만 보여 줍니다.`);
      asked[other] = undefined;
    }
    if (has('scenario')) {
      const ready = Object.hasOwn(posters, asked.scenario) && posters[asked.scenario];
      if (!ready) {
        const all = Object.keys(posters).join(', ');
        return fail(
          `${found('scenario=' + asked.scenario)}: there is no such ready scenario. Allowed: ${all}.`,
          `${found('scenario=' + asked.scenario)}: 준비된 시나리오에 없습니다. 쓸 수 있는 것: ${all}.`,
        );
      }
      poster = { title: ready.slice(0, 2), says: told(ready[2]).says ?? ['', ''] };
    } else if (has('text')) {
      pose(asked.text);
    } else {
      // What cannot be read of it is told by the program.
      unpacked(asked.run).then(pose, () => {});
    }
    draw();
    if (begins === 'now') return start();
    if (begins === 'view') {
      eye = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && (eye.disconnect(), start()), { threshold: 0.2 });
      eye.observe(root);
    }
  };
  addEventListener('DOMContentLoaded', () => {
    if (has('src') && !has('scenario') && !has('run')) draw();
    else begin();
    post({ type: 'poster' });
  });
})();
