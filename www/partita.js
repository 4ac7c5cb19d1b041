// The loader: the reader's theme and language before the first picture, the program, and the panel for when it breaks.
(() => {
  const root = document.documentElement;
  const base = document.currentScript.src;
  // A page of one file has everything in itself (single.js); else a server is asked.
  const one = globalThis.partitaOne;
  const file = one?.file ?? ((name) => fetch(new URL('./' + name, base)));
  // In a frame of another page: theme and language are that page's, nothing is stored, and the embed tells what broke.
  const embed = globalThis.partitaEmbed;
  const kept = (name) => {
    if (embed) return null;
    try {
      return localStorage.getItem('partita.' + name);
    } catch {
      return null; // Storage may be forbidden; the page works without.
    }
  };

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = () => {
    if (embed) return;
    const choice = kept('theme');
    root.dataset.theme = choice === 'dark' || choice === 'light' ? choice : dark.matches ? 'dark' : 'light';
  };
  theme();
  dark.addEventListener('change', theme);
  const language = kept('lang') ?? (navigator.language.startsWith('ko') ? 'ko' : 'en');
  if (!embed) root.lang = language === 'ko' ? 'ko' : 'en';
  if (!embed && /[?#&]stage=class(?=[&#]|$)/.test(location.search + location.hash)) root.dataset.stage = 'class';

  // The program keeps here what the panel needs when the program is gone: of each run of the page, by the prefix of its
  // ids. The page's own has none. The one that was worked on last is told.
  const runs = { '': { step: null, script: '' } };
  let last = '';
  const worksOn = (prefix) => (runs[(last = prefix)] ??= { step: null, script: '' });
  let broken = false;

  const crash = (message) => {
    if (broken) return;
    broken = true;
    const run = runs[last];
    if (embed) return embed.broke(message, run.step);
    globalThis.partita.release?.();
    const put = (id, text) => (document.getElementById(id).textContent = text);
    put('crash-message', message);
    put('crash-script', run.script);
    document.getElementById('crash-run').hidden = run.script === '';
    document.getElementById('crash-where').hidden = run.step === null;
    for (const element of document.querySelectorAll('.crash-step')) element.textContent = run.step;
    const back = document.getElementById('crash-back');
    // Only the page's own run stands in its address.
    if (run.step !== null && last === '') back.hash = 'at=' + Math.max(run.step - 1, 0);
    for (const link of document.querySelectorAll('#crash a')) {
      if (one) link.href = location.pathname + link.hash;
      // A changed fragment alone does not load the page anew.
      link.addEventListener('click', () => setTimeout(() => location.reload()));
    }
    for (const place of document.querySelectorAll('#app, [data-run]')) place.inert = true;
    document.getElementById('crash').hidden = false;
    document.getElementById('crash-title').focus();
  };
  // What the model simplifies, as pages of the site that the program shows when it is asked.
  const about = { en: '{{about-en}}', ko: '{{about-ko}}' };
  // The page of the grammar, likewise.
  const grammar = { en: '{{grammar-en}}', ko: '{{grammar-ko}}' };
  const parsed = new Promise((done) => {
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', done, { once: true });
    else done();
  });
  globalThis.partita = { run: runs[''], worksOn, crash, theme, kept, parsed, file, about, grammar };

  // A trap without a panic message (the stack, the memory) reaches us only here.
  const trapped = (error) => error instanceof WebAssembly.RuntimeError && crash(String(error.stack ?? error));
  addEventListener('error', (event) => trapped(event.error));
  addEventListener('unhandledrejection', (event) => trapped(event.reason));

  // All parts of the program come in strands, by which they are packed better. They leave them block by block, so that
  // the browser compiles while the next one comes.
  const unpacker = WebAssembly.instantiate(Uint8Array.from(atob('{{unpacker}}'), (sign) => sign.charCodeAt(0)));
  globalThis.partita.wasm = (answer) => {
    if (!answer.ok) throw new Error(answer.status + ' ' + answer.url);
    let reader = answer.body.getReader();
    let held = new Uint8Array();
    // The next bytes; none at the end, where one may come.
    const take = async (length, mayEnd) => {
      while (held.length < length) {
        const { done, value } = await reader.read();
        if (done && (held.length || !mayEnd)) throw new Error(answer.url + ' ends early');
        if (done) return null;
        const joined = new Uint8Array(held.length + value.length);
        joined.set(held);
        joined.set(value, held.length);
        held = joined;
      }
      const taken = held.slice(0, length);
      held = held.subarray(length);
      return taken;
    };
    const pull = async (module) => {
      const head = await take(8, true);
      if (!head) return module.close();
      const [length, room] = new Uint32Array(head.buffer);
      const block = await take(length);
      const { memory, unpack, __heap_base } = (await unpacker).instance.exports;
      const from = __heap_base.value;
      const to = from + length;
      const lacking = Math.ceil((to + room + 5 - memory.buffer.byteLength) / 65536);
      if (lacking > 0) memory.grow(lacking);
      new Uint8Array(memory.buffer).set(block, from);
      unpack(from, length, to, room + 5);
      module.enqueue(new Uint8Array(memory.buffer.slice(to, to + room)));
    };
    // On a server that packs nothing they come packed all the same: by their own head, whatever the answer's says.
    const start = async () => {
      await globalThis.partita.framed;
      const head = await take({{blocks-at}});
      if (!head || !String.fromCharCode(...head).endsWith('gzipped')) return;
      const [packed, first] = [reader, held];
      const all = new ReadableStream({
        start: (stream) => stream.enqueue(first),
        async pull(stream) {
          const { done, value } = await packed.read();
          if (done) stream.close();
          else stream.enqueue(value);
        },
        cancel: (reason) => packed.cancel(reason),
      });
      reader = all.pipeThrough(new DecompressionStream('gzip')).getReader();
      held = new Uint8Array();
      await take({{blocks-at}});
    };
    const stream = new ReadableStream({ start, pull, cancel: (reason) => reader.cancel(reason) });
    return new Response(stream, { headers: { 'Content-Type': 'application/wasm' } });
  };
  const program = WebAssembly.compileStreaming(file('{{wasm}}').then(globalThis.partita.wasm));
  // Who waits for it below is told; until then a failure is nobody's.
  program.catch(() => {});
  const glue = one ? one.glue : import(new URL('./{{script}}', base));
  Promise.all([glue, parsed])
    // What is shown first is painted first: the program would keep the browser from it until it is there itself.
    .then(([module]) => Promise.resolve(globalThis.partita.painted).then(() => module.default({ module_or_path: program })))
    .catch((error) => parsed.then(() => crash(String(error))));
})();
