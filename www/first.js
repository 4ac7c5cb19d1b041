// The first picture: what the program draws of the opening run stands in index.html (`xtask/src/picture.rs`) and is shown
// until the program is there. What is pressed meanwhile waits for it.
(() => {
  // An embed has a poster of its own.
  if (globalThis.partitaEmbed) return;
  const { kept, parsed } = globalThis.partita;
  const root = document.documentElement;
  let app = null;
  let isLive = false;

  // The database of the reader's runs (src/page/store.rs) is opened while the program comes, and made when it is not there.
  const PATIENCE_MS = 5000;
  let isMade = false;
  const database = new Promise((done, fail) => {
    const request = indexedDB.open('partita', 1);
    request.onupgradeneeded = () => {
      isMade = true;
      request.result.createObjectStore('runs');
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
    // One that does not answer is none.
    setTimeout(() => fail(new Error('the storage does not answer')), PATIENCE_MS);
  });
  globalThis.partita.database = database;

  // Whether the program will open the ready scenario. An address may ask for another run, if its fragment is not the id of
  // a part of the page (src/page/link.rs). Who has moved the divider or chosen a theme sees another page. A run may be
  // stored, of whatever version, where there is a database; a word says so at once, since the browser takes a tenth of a
  // second to say it. Where storage is forbidden nothing is stored.
  const ASKS_NOTHING = /^#?(?:run\d+-)?(?:scene|narration|transport|cfg-.*)?$/;
  let isStory = ASKS_NOTHING.test(location.hash) && ['split', 'theme', 'database'].every((name) => kept(name) === null);
  const opened = () => {
    const said = kept('database');
    try {
      localStorage.setItem('partita.database', 'there');
    } catch {
      // The word is spared then.
    }
    // What stored runs before there was the word.
    if (isMade || said !== null || !isStory) return;
    isStory = false;
    again();
  };

  // The picture holds both languages: where they differ, English stands before the sign and Korean behind it.
  const SIGN = '¦';
  const inOurs = (text) => (text?.includes(SIGN) ? text.split(SIGN)[root.lang === 'ko' ? 1 : 0] : text);
  const translate = (picture) => {
    const texts = document.createTreeWalker(picture, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      if (text.data.includes(SIGN)) text.data = inOurs(text.data);
    }
    for (const part of picture.querySelectorAll('*')) {
      for (const attribute of part.attributes) {
        if (attribute.value.includes(SIGN)) attribute.value = inOurs(attribute.value);
      }
    }
  };

  // What stands in windows of another class is left out, and what only the other language has.
  const classOf = (edges, size) => String(edges.split(' ').findLastIndex((edge) => +edge <= size));
  const drawn = (template) => {
    const { widths, heights } = template.dataset;
    const [w, h] = [classOf(inOurs(widths), innerWidth), classOf(inOurs(heights), innerHeight)];
    const picture = template.content.cloneNode(true);
    for (const part of picture.querySelectorAll('[data-if], [data-if-w], [data-if-h], [data-if-l]')) {
      const { if: pair, ifW, ifH, ifL } = part.dataset;
      const asked = [[inOurs(pair), `${w}.${h}`], [inOurs(ifW), w], [inOurs(ifH), h], [ifL, root.lang]];
      if (!asked.every(([classes, own]) => !classes || classes.split(' ').includes(own))) part.remove();
    }
    translate(picture);
    for (const part of picture.querySelectorAll('[data-style]')) part.style.cssText = part.dataset.style;
    // Fields take nothing in before the program is there, and the settings are built behind the first picture.
    for (const part of picture.querySelectorAll('select, input, .cf')) part.inert = true;
    return picture;
  };

  let settings = null;
  const show = () => {
    const template = document.getElementById('picture');
    if (isLive || !template) return;
    const loading = document.querySelector('.loading');
    app.replaceChildren(drawn(template));
    app.className = isStory ? 'early' : 'early unknown';
    app.querySelector('.nr').append(loading);
    settings = isStory ? app.querySelector('.cf') : null;
    // Behind the style sheet, before the frame.
    requestAnimationFrame(() => isLive || fit());
  };

  // What depends on the room that there is: how many stations fold (src/page/scene/wires/room.rs), and how high the lanes
  // are (src/page/panels/timeline/rows.rs).
  const fit = () => {
    const column = app.querySelector('.col-p');
    const stations = column.querySelector('.col-s');
    for (const level of ['some', 'all']) {
      if (stations.scrollHeight > stations.clientHeight) column.dataset.fold = level;
    }
    const names = app.querySelector('.tl-names');
    const { lanes, around } = names.dataset;
    const room = (names.nextElementSibling.clientHeight - around) / lanes;
    names.style.setProperty('--lane', Math.max(14, Math.min(18, Math.floor(room))) + 'px');
    names.firstElementChild.hidden = room < 14;
  };

  // How one comes to an element from the nearest one with an id, in the picture as in what the program draws.
  const way = (element) => {
    const steps = [];
    while (element !== app && !element.id) {
      steps.unshift([...element.parentElement.children].indexOf(element));
      element = element.parentElement;
    }
    return { id: element.id, steps };
  };
  const found = ({ id, steps }) => steps.reduce((element, step) => element?.children[step], document.getElementById(id));
  const wayOf = (target) => (app?.contains(target) && target !== app ? way(target) : null);

  // What is pressed waits. The program takes 32 of it and says how many it did not take; nobody presses so often.
  const MOST = 1000;
  const waiting = [];
  let isDoing = false;
  let focus = null;
  const hold = (event, act, moves) => {
    event.stopImmediatePropagation();
    if (waiting.length < MOST) waiting.push({ act, moves });
    root.dataset.waits = '';
  };
  const MOVES = /^(?: |Arrow.*|Page.*|Home|End|\/)$/;
  const pressed = (event) => {
    const { key, code, shiftKey, target } = event;
    if (isDoing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || key === 'Tab' || key === 'Enter') return;
    // Space on a button is a click, which comes by itself.
    if (key === ' ' && target.closest?.('button, a')) return;
    const moves = MOVES.test(key);
    if (moves) event.preventDefault();
    const to = wayOf(target);
    hold(event, () => {
      const field = document.activeElement;
      if (field?.matches('input:not([type=range]), textarea') && key.length === 1) return document.execCommand('insertText', false, key);
      const own = new KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, cancelable: true });
      return ((to && found(to)) ?? field ?? document.body).dispatchEvent(own);
    }, moves);
  };
  const clicked = (event) => {
    // What belongs to a field takes nothing in.
    const to = isDoing || event.target.closest?.('label') ? null : wayOf(event.target.closest?.('button, a') ?? event.target);
    if (!to) return;
    event.preventDefault();
    const { clientX, clientY } = event;
    const own = () => new MouseEvent('click', { clientX, clientY, bubbles: true, cancelable: true });
    hold(event, () => found(to)?.dispatchEvent(own()), event.target.closest('.tr') !== null);
  };
  const focused = (event) => {
    focus = wayOf(event.target);
  };

  const frame = () => new Promise(requestAnimationFrame);
  // The program stands there: the settings stay in sight until it has built its own, and what waits is done in its order.
  const live = async () => {
    isLive = true;
    app.className = '';
    root.dataset.live = '';
    keepSettings();
    if (focus) found(focus)?.focus();
    while (waiting.length > 0) {
      const { act, moves } = waiting.shift();
      // What goes somewhere waits in the program; what does not is done where that has led.
      while (!moves && app.querySelector('.tr')?.ariaBusy === 'true') await frame();
      isDoing = true;
      act();
      isDoing = false;
      // Its buttons may be others now; a dialog takes the keys behind it, once it is there.
      if (!moves) await frame();
    }
    release();
    document.getElementById('picture')?.remove();
  };
  // Keys and clicks are the page's own again: the program is there, or it broke.
  const release = (globalThis.partita.release = () => {
    isDoing = true;
    waiting.length = 0;
    removeEventListener('keydown', pressed, true);
    removeEventListener('click', clicked, true);
    removeEventListener('focusin', focused);
    removeEventListener('resize', again);
    delete root.dataset.waits;
  });
  const keepSettings = () => {
    const column = app.querySelector('.right');
    if (!settings || !column) return;
    for (const part of settings.querySelectorAll('[id]')) part.removeAttribute('id');
    column.append(settings);
    const built = new MutationObserver(() => {
      if (column.querySelectorAll(':scope > .cf').length < 2) return;
      settings.remove();
      built.disconnect();
    });
    built.observe(column, { childList: true });
  };

  addEventListener('keydown', pressed, true);
  addEventListener('click', clicked, true);
  addEventListener('focusin', focused);
  const again = () => parsed.then(show);
  const begun = parsed.then(() => {
    app = document.getElementById('app');
    app.addEventListener('partita-live', live);
    addEventListener('resize', again);
    show();
  });
  database.then(opened, () => {});
  // A page in the background is not painted: nobody waits for that.
  const after = (ms) => new Promise((done) => setTimeout(done, ms));
  const before = (step) => Promise.race([step, parsed.then(() => after(document.hidden ? 0 : 1000))]);
  // The frame is made. From then on the program is unpacked, which would keep the page's thread from it.
  const framed = begun.then(() => new Promise(requestAnimationFrame)).then(() => after(0));
  globalThis.partita.framed = before(framed);
  // The browser says that it is seen, which it would not say of what the program has taken away meanwhile.
  const PAINT = 'largest-contentful-paint';
  const seen = new Promise((done) => {
    // A browser that does not know of it says nothing.
    if (globalThis.PerformanceObserver?.supportedEntryTypes?.includes(PAINT)) {
      new PerformanceObserver(done).observe({ type: PAINT, buffered: true });
    } else done();
  });
  globalThis.partita.painted = before(framed.then(() => seen));
})();
