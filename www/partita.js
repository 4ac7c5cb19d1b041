// The loader: the reader's theme and language before the first picture, the program, and the panel for when it breaks.
(() => {
  const root = document.documentElement;
  const base = document.currentScript.src;
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
    const put = (id, text) => (document.getElementById(id).textContent = text);
    put('crash-message', message);
    put('crash-script', run.script);
    document.getElementById('crash-run').hidden = run.script === '';
    document.getElementById('crash-where').hidden = run.step === null;
    for (const element of document.querySelectorAll('.crash-step')) element.textContent = run.step;
    const back = document.getElementById('crash-back');
    // Only the page's own run stands in its address.
    back.href = run.step === null || last !== '' ? './' : './#at=' + Math.max(run.step - 1, 0);
    for (const link of document.querySelectorAll('#crash a')) {
      // A changed fragment alone does not load the page anew.
      link.addEventListener('click', () => setTimeout(() => location.reload()));
    }
    for (const place of document.querySelectorAll('#app, [data-run]')) place.inert = true;
    document.getElementById('crash').hidden = false;
    document.getElementById('crash-title').focus();
  };
  // What the model simplifies, as pages of the site that the program shows when it is asked.
  const about = { en: new URL('./{{about-en}}', base).href, ko: new URL('./{{about-ko}}', base).href };
  // The page of the grammar, likewise.
  const grammar = { en: new URL('./{{grammar-en}}', base).href, ko: new URL('./{{grammar-ko}}', base).href };
  globalThis.partita = { run: runs[''], worksOn, crash, theme, about, grammar };

  // A trap without a panic message (the stack, the memory) reaches us only here.
  const trapped = (error) => error instanceof WebAssembly.RuntimeError && crash(String(error.stack ?? error));
  addEventListener('error', (event) => trapped(event.error));
  addEventListener('unhandledrejection', (event) => trapped(event.reason));

  // The storage takes a while to wake up: it does so while the program comes.
  try {
    if (!embed) indexedDB.databases().catch(() => {});
  } catch {
    // Storage may be forbidden; the program says so.
  }

  const bytes = fetch(new URL('./{{wasm}}', base));
  // A server that names another type than application/wasm gets no compilation on the way.
  const program = WebAssembly.compileStreaming(bytes.then((answer) => answer.clone())).catch(() => bytes);
  const glue = import(new URL('./{{script}}', base));
  const parsed = new Promise((done) => {
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', done, { once: true });
    else done();
  });
  Promise.all([glue, parsed])
    .then(([module]) => module.default({ module_or_path: program }))
    .catch((error) => parsed.then(() => crash(String(error))));
})();
