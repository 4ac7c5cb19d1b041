// What a page around does with embeds: it makes some, hears what they tell, and asks them for things. `?site=` is Partita's.
const site = new URL(location.href).searchParams.get('site');
const heard = [];
const keys = [];
addEventListener('keydown', (event) => {
  keys.push(event.key);
  // Space would scroll, and go on doing so.
  event.preventDefault();
});
const tells = ['poster', 'loading', 'ready', 'step', 'ended', 'resize', 'error'];

// An element with these attributes, before its script is there.
function element(attributes, inside = '') {
  const made = document.createElement('partita-run');
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.innerHTML = inside;
  for (const what of tells) made.addEventListener('partita:' + what, ({ detail }) => heard.push({ type: what, ...detail }));
  document.getElementById('place').append(made);
  return made;
}

// The element's script, as often as it is included.
function include() {
  const script = document.createElement('script');
  script.src = site + 'partita-embed.js';
  document.head.append(script);
  return new Promise((done) => script.addEventListener('load', () => done(true)));
}

// A frame without the element; what it tells is kept, its source looked at.
function frame(fragment) {
  document.getElementById('place').replaceChildren();
  heard.length = 0;
  const made = document.createElement('iframe');
  made.src = site + 'embed.html#' + fragment;
  made.title = 'A run';
  document.getElementById('place').append(made);
}
addEventListener('message', ({ source, data }) => {
  if (data?.partita === 1 && source === document.querySelector('iframe')?.contentWindow) heard.push(data);
});
const ask = (message) => document.querySelector('iframe').contentWindow.postMessage(message, '*');
const last = (type) => heard.findLast((message) => message.type === type) ?? null;
