// The embed's own script: reads what the address of its frame asks for, draws the poster, and fetches the program when the
// run starts. It speaks with the page around it; what the program has to say goes through `partitaEmbed`.
(() => {
  const root = document.documentElement;
  const base = document.currentScript.src;
  // Each ready scenario: its title in both languages, and the line with which its first chapter begins.
  const posters = {{posters}};
  const PARTS = {{shown-parts}};
  // `src` is what the element fetches and hands over in a message.
  const NAMES = {{names}};
  const [THEMES, LANGS] = [{{themes}}, {{langs}}];
  const WAITING = 32;

  // What is wrong with what was asked for, as pairs of an English and a Korean sentence: with the run, and with all else.
  let wrongRun = [];
  const wrong = [];
  const asked = Object.create(null);
  // The address as it was read: names and values in their order, the wrong ones too.
  const given = [];
  // What a sentence quotes is short, of one line, and no code ends in it.
  const found = (text) => {
    const bare = text.replace(/[\s\p{C}]+/gu, ' ').replaceAll('`', "'");
    return '`' + (bare.length > 40 ? bare.slice(0, 40) + '…' : bare) + '`';
  };

  const read = () => {
    for (const part of location.hash.slice(1).split('&')) {
      if (!part) continue;
      const [name, ...rest] = part.split('=');
      let value = rest.join('=');
      try {
        value = decodeURIComponent(value);
      } catch {
        const what = found(part);
        wrong.push([`${what} is no percent-encoded text, and is read as it stands.`, `${what}: 퍼센트 인코딩이 올바르지 않아 쓰인 그대로 읽었습니다.`]);
      }
      given.push([name, value]);
      const [what, all] = [found(name), NAMES.join(', ')];
      if (!NAMES.includes(name)) {
        wrong.push([`${what} is nothing that an embed knows. Allowed: ${all}.`, `${what}: 임베드에 없는 이름입니다. 쓸 수 있는 것: ${all}.`]);
      } else if (name in asked) {
        wrong.push([`${what} is given twice, and the first one counts.`, `${what}: 두 번 나옵니다. 앞의 것만 씁니다.`]);
      } else {
        asked[name] = value.trim();
      }
    }
  };

  // A whole number within bounds, or undefined; `told` makes the sentences of what stands there instead.
  const number = (name, least, most, told) => {
    const text = asked[name];
    if (text === undefined || text === '') return undefined;
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value;
    wrong.push(told(found(`${name}=${text}`)));
  };
  const word = (name, allowed) => {
    const text = asked[name];
    if (text === undefined || text === '' || allowed.includes(text)) return text || allowed[0];
    const [what, all] = [found(`${name}=${text}`), allowed.join(', ')];
    wrong.push([`${what} is not allowed here, and ${allowed[0]} is taken. Allowed: ${all}.`, `${what}: 쓸 수 없는 값이어서 대신 쓴 값은 ${allowed[0]}입니다. 쓸 수 있는 것: ${all}.`]);
    return allowed[0];
  };
  const list = (name) => (asked[name] ?? '').split(/[\s,]+/).filter(Boolean);

  read();
  const has = (name) => Boolean(asked[name]);
  const begins = word('start', {{starts}});
  const theme = word('theme', THEMES);
  const language = word('lang', LANGS);
  const noStep = (what) => [`${what} is no step. Allowed: a whole number from 0 on.`, `${what}: 스텝이 아닙니다. 쓸 수 있는 것: 0 이상의 정수.`];
  asked.step = number('step', 0, 1e15, noStep);
  asked.until = number('until', 0, 1e15, noStep);
  if (asked.until < (asked.step ?? 0)) {
    const [what, opens] = [found(`until=${asked.until}`), found(`step=${asked.step}`)];
    wrong.push([`${what} lies before ${opens}: the run goes on to its end.`, `${what}: 여는 위치인 ${opens}보다 앞이어서 끝까지 진행합니다.`]);
    asked.until = undefined;
  }
  number('height', {{least-height}}, {{most-height}}, (what) => [
    `${what} is no height, and {{height}} is taken. Allowed: a whole number of pixels from {{least-height}} to {{most-height}}.`,
    `${what}: 쓸 수 없는 높이여서 대신 쓴 값은 {{height}}입니다. 쓸 수 있는 것: {{least-height}}에서 {{most-height}}까지의 픽셀 수.`,
  ]);
  for (const part of list('show').filter((part) => !PARTS.includes(part))) {
    const [what, all] = [found(part), PARTS.join(', ')];
    wrong.push([`${what} in show is no part of an embed. Allowed: ${all}.`, `${what}: show에 없는 부분입니다. 쓸 수 있는 것: ${all}.`]);
  }
  const shown = list('show').filter((part) => PARTS.includes(part));
  const parts = shown.length > 0 ? shown : {{usual-parts}};
  root.dataset.show = parts.join(' ');

  // Theme and language are the page's around it: told by its element, or else the browser's.
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let shade = theme;
  const paint = () => (root.dataset.theme = shade === 'auto' ? (dark.matches ? 'dark' : 'light') : shade);
  dark.addEventListener('change', paint);
  paint();
  let tongue = language;
  const speak = () => (root.lang = tongue === 'auto' ? (navigator.language.startsWith('ko') ? 'ko' : 'en') : tongue);
  speak();
  const said = (pair) => pair[root.lang === 'ko' ? 1 : 0];

  const post = (message) => parent !== self && parent.postMessage({ partita: 1, ...message }, '*');
  const state = (name) => (root.dataset.embed = name);

  // How an address of the whole page names the run: also before the program is there, and until it has packed the run itself.
  let own = '';
  const leads = () => {
    const at = asked.step === undefined ? '' : `&at=${asked.step}`;
    const link = document.getElementById('poster-open');
    if (link) link.href = own ? `./#${own}${at}` : './';
  };

  // The poster: a title, a sentence and a play button where the program will have its own.
  let poster = { title: ['Partita', 'Partita'], says: ['', ''] };
  const draw = () => {
    const put = (id, text) => document.getElementById(id) && (document.getElementById(id).textContent = text);
    put('poster-title', said(poster.title));
    put('poster-says', said(poster.says));
    document.title = said(poster.title) + ' · Partita';
    leads();
    const note = [...(root.dataset.embed === 'loading' ? [['Loading the run.', '실행을 불러오는 중입니다.']] : []), ...wrongRun, ...wrong];
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
    const options = Object.create(null);
    for (const [, name, quoted, bare] of line[3].matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) options[name] = plain(quoted ?? bare);
    const [title, says] = [plain(line[1] ?? line[2]), options.says ?? ''];
    return { title: [title, options.ko ?? title], says: [says, options['ko-says'] ?? says] };
  };
  const posterOf = (id) => (Object.hasOwn(posters, id) ? posters[id] : undefined);
  const pose = (script) => {
    const { title, says } = told(script);
    const ready = posterOf(/^%page scenario=(\S+)/m.exec(script)?.[1]);
    poster = { title: ready?.slice(0, 2) ?? title ?? ['A run', '실행'], says: says ?? ['', ''] };
    draw();
  };
  const unpacked = async (link) => {
    const bytes = Uint8Array.from(atob(link.slice(link.indexOf('.') + 1).replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
  };

  const pack = async (text) => {
    const packed = await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
    const bytes = Array.from(new Uint8Array(packed), (byte) => String.fromCharCode(byte)).join('');
    return '1.' + btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  };

  // Nothing can be shown.
  let isLost = false;
  const fail = (en, ko) => {
    isLost = true;
    wrongRun.push([en, ko]);
    state('error');
    draw();
    post({ type: 'error', fatal: true, message: [...wrongRun, ...wrong].map(said).join(' ') });
  };

  // What is passed over.
  const complain = (pair) => post({ type: 'error', fatal: false, message: said(pair) });

  let act = null;
  let waiting = [];
  // The program was asked for: it is started once in a document.
  let isFetched = false;
  const start = () => {
    if (root.dataset.embed !== 'poster' || isLost) return;
    isFetched = true;
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
    const why =
      step === null
        ? ["The run broke. This is a mistake of Partita's, or its files did not come.", '실행이 멈췄습니다. Partita의 오류이거나 파일을 받지 못했습니다.']
        : [`The run broke at step ${step}. This is a mistake of Partita's.`, `${step}번 스텝에서 실행이 멈췄습니다. Partita의 오류입니다.`];
    const add = (tag, text) => Object.assign(panel.appendChild(document.createElement(tag)), { textContent: text });
    add('p', said(why));
    const again = add('button', said(['Begin again', '다시 시작']));
    again.type = 'button';
    again.className = 'btn p';
    again.addEventListener('click', () => beginAgain(step));
    add('pre', message).tabIndex = 0;
    document.body.append(panel);
    post({ type: 'error', fatal: true, message: said(why) + ' ' + message });
  };
  // The same document anew: what was asked for, but for what is named here. Theme and language are those of now.
  const goTo = (changes) => {
    const now = { ...changes, ...(shade !== theme && { theme: shade }), ...(tongue !== language && { lang: tongue }) };
    const kept = given.filter(([name]) => !Object.hasOwn(now, name));
    const wanted = Object.entries(now).filter(([, value]) => value !== undefined && value !== '');
    location.replace('#' + [...wanted, ...kept].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&'));
    location.reload();
  };
  // A run that came as a text goes on as the data of a link.
  const named = async ({ scenario, run, text }) => ({ scenario, run: text ? await pack(text) : run, src: undefined, start: 'now' });
  const cannotPack = () =>
    fail('This browser cannot pack the run (it has no CompressionStream).', '이 브라우저는 실행을 압축할 수 없습니다(CompressionStream 없음).');
  const beginAgain = (step) =>
    named(asked).then((changes) => goTo({ ...changes, step: step > 0 ? step - 1 : asked.step }), cannotPack);

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
    // How a link names the run.
    own: () => own || undefined,
    wrong: () => wrong.map((pair) => pair.join('\t')).join('\n'),
    attach(how) {
      act = how;
      const pressed = waiting;
      waiting = [];
      // It may have been told since the program looked.
      act('lang', root.lang);
      // What is computed for nobody in sight rests.
      new IntersectionObserver((seen) => act('seen', seen.at(-1).isIntersecting ? 'yes' : 'no')).observe(root);
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
    told: (...pair) => complain(pair),
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
    theme: (m) => THEMES.includes(m.theme),
    lang: (m) => LANGS.includes(m.lang),
  };
  // Why the element could not have the script of its `src`: a word of its own, or else the browser's.
  const notHad = (what, why) =>
    why === 'origin'
      ? [`${what} lies on another site than the page around. Allowed: an address of the same site.`, `${what}: 페이지와 다른 사이트에 있습니다. 쓸 수 있는 것: 같은 사이트의 주소.`]
      : why === 'long'
        ? [`${what} is longer than a script in an embed may be. Allowed: at most {{script-characters}} characters.`, `${what}: 임베드에 쓰기에는 너무 긴 스크립트입니다. 쓸 수 있는 것: 최대 {{script-characters}}자.`]
        : [`${what} could not be had (${found(why)}).`, `${what}: 가져오지 못했습니다(${found(why)}).`];
  let loads = 0;
  const deeds = {
    load({ scenario, run, text, missing, step }) {
      const why = missing ?? (text?.length > {{script-characters}} ? 'long' : undefined);
      if (why !== undefined) {
        const told = notHad(found(missing === undefined ? 'text' : 'src=' + (asked.src ?? '')), why);
        return isFetched ? complain(told) : fail(...told);
      }
      if (isFetched) {
        // Of several the last one counts, whichever takes longer to pack.
        const mine = ++loads;
        const mineOnly = (act) => (given) => mine === loads && act(given);
        named({ scenario, run, text }).then(mineOnly((changes) => goTo({ ...changes, step })), mineOnly(cannotPack));
        return;
      }
      // Nothing has been fetched yet: it is taken as if it had been asked for at once.
      Object.assign(asked, { scenario, run, text, step, src: undefined });
      waiting = [];
      wrongRun = [];
      isLost = false;
      state('poster');
      begin();
    },
    seek({ step }) {
      const most = Math.min(step, asked.until ?? step);
      if (root.dataset.embed !== 'poster') return press('seek', String(most));
      asked.step = most;
      leads();
    },
    play: () => press('start'),
    pause() {
      waiting = waiting.filter(([name]) => name !== 'start' && name !== 'play');
      if (act) act('pause', '');
    },
    theme(m) {
      if (m.theme === shade) return;
      shade = m.theme;
      paint();
    },
    lang(m) {
      if (m.lang === tongue) return;
      tongue = m.lang;
      speak();
      draw();
      if (act) act('lang', root.lang);
    },
  };
  addEventListener('message', ({ source, data }) => {
    if (source !== parent || parent === self || data?.partita !== 1) return;
    if (typeof data.type !== 'string' || !Object.hasOwn(shapes, data.type)) return;
    if (shapes[data.type](data)) deeds[data.type](data);
    else complain([`The message \`${data.type}\` has not the shape that it should have.`, `\`${data.type}\` 메시지의 형식이 올바르지 않습니다.`]);
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
    const named = ['scenario', 'run', 'text', 'src'].filter(has);
    if (named.length === 0) {
      // The element's `src` comes in a message.
      poster = { title: ['Partita', 'Partita'], says: ['', ''] };
      return fail(
        'There is no run to show: scenario, run or src says which.',
        '보여 줄 실행이 없습니다. scenario, run, src 가운데 하나로 정하십시오.',
      );
    }
    if (named.length > 1) {
      const [one, other] = named.map(found);
      wrong.push([`${other} stands beside ${one}: only ${one} is shown. Allowed: one of them.`, `${other}: 함께 적힌 ${one} 쪽만 보여 줍니다. 쓸 수 있는 것: 둘 가운데 하나.`]);
      asked[named[1]] = undefined;
    }
    own = has('scenario') ? `scenario=${encodeURIComponent(asked.scenario)}` : has('run') ? `run=${encodeURIComponent(asked.run)}` : '';
    if (has('scenario')) {
      const ready = posterOf(asked.scenario);
      if (!ready) {
        own = '';
        const [what, all] = [found('scenario=' + asked.scenario), Object.keys(posters).join(', ')];
        return fail(`${what}: there is no such ready scenario. Allowed: ${all}.`, `${what}: 준비된 시나리오에 없습니다. 쓸 수 있는 것: ${all}.`);
      }
      poster = { title: ready.slice(0, 2), says: told(ready[2]).says ?? ['', ''] };
    } else if (has('text')) {
      const { text } = asked;
      pose(text);
      const packed = (data) => asked.text === text && ((own = 'run=' + data), leads());
      pack(text).then(packed, () => {});
    } else {
      // What cannot be read of it is told by the program.
      const { run } = asked;
      unpacked(run).then((script) => asked.run === run && pose(script), () => {});
    }
    draw();
    if (begins === 'now') return start();
    if (begins === 'view') {
      // A fifth of it, or so much of a high frame as a low window can show.
      const isSeen = ({ isIntersecting, intersectionRect, boundingClientRect }) =>
        isIntersecting && intersectionRect.height >= Math.min(88, boundingClientRect.height / 5);
      const threshold = Array.from({ length: 21 }, (_, i) => i / 100);
      eye = new IntersectionObserver((seen) => seen.some(isSeen) && (eye.disconnect(), start()), { threshold });
      eye.observe(root);
    }
  };
  // The row of settings that may be changed has its place before the program fills it.
  const reserve = () => {
    const row = Object.assign(document.createElement('div'), { className: 'em-e', ariaHidden: 'true' });
    row.append(...list('edit').map((name) => Object.assign(document.createElement('span'), { className: 'chip', textContent: name })));
    document.querySelector('.em .nr').before(row);
  };
  addEventListener('DOMContentLoaded', () => {
    if (has('edit')) reserve();
    const isHandedOver = has('src') && !has('scenario') && !has('run');
    if (!isHandedOver) begin();
    else if (self.name === 'partita-run') draw();
    else {
      const what = found('src=' + asked.src);
      fail(
        `${what}: only the element partita-run can have a script of the page around. Allowed in a plain frame: scenario or run.`,
        `${what}: 바깥 페이지의 스크립트는 partita-run 요소만 가져올 수 있습니다. 일반 프레임에서 쓸 수 있는 것: scenario 또는 run.`,
      );
    }
    post({ type: 'poster' });
  });
})();
