// Makes one picture of both languages': most of it is the same in both, and a server that packs nothing sends it as it is.
// Where a text or an attribute differs it holds both, the English one first, with a sign between; an element that only one
// language has carries its name (`data-if-l`).
window.both = (() => {
  const SIGN = '¦';
  const CONDITIONS = ['data-if', 'data-if-w', 'data-if-h'];
  const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\u00a0/g, '&nbsp;');
  const quoted = (text) => escaped(text).replace(/"/g, '&quot;');
  const isVoid = (tag) => ['input', 'br', 'hr', 'img'].includes(tag);
  const isText = (node) => node.nodeType === Node.TEXT_NODE;

  const paired = (english, korean) => {
    if (english.includes(SIGN) || korean.includes(SIGN)) throw new Error(`a text of the page holds the sign ${SIGN}`);
    return english === korean ? english : english + SIGN + korean;
  };
  const start = (element, pairs) => {
    const told = pairs.map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${quoted(value)}"`));
    return `<${element.localName}${told.join('')}>`;
  };
  const end = (element) => (isVoid(element.localName) ? '' : `</${element.localName}>`);
  const names = (element) => element.getAttributeNames().filter((name) => !CONDITIONS.includes(name));
  // An element of one language, whole.
  const alone = (node, language) => {
    const pairs = node.getAttributeNames().map((name) => [name, paired(node.getAttribute(name), node.getAttribute(name))]);
    if (language) pairs.push(['data-if-l', language]);
    const inner = [...node.childNodes].map((one) => (isText(one) ? escaped(paired(one.data, one.data)) : alone(one)));
    return start(node, pairs) + inner.join('') + end(node);
  };

  // Whether two nodes can be told in one, and how well.
  const alike = (a, b) => {
    if (a.nodeType !== b.nodeType) return 0;
    if (isText(a)) return a.data === b.data ? 3 : 1;
    if (a.localName !== b.localName || names(a).join() !== names(b).join()) return 0;
    return a.outerHTML === b.outerHTML ? 3 : a.className === b.className ? 2 : 1;
  };
  // Each node beside its like, in their order.
  const rows = (english, korean) => {
    const worth = english.map((a) => korean.map((b) => alike(a, b)));
    const best = Array.from({ length: english.length + 1 }, () => new Array(korean.length + 1).fill(0));
    for (let i = english.length - 1; i >= 0; i--) {
      for (let j = korean.length - 1; j >= 0; j--) {
        best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], worth[i][j] && worth[i][j] + best[i + 1][j + 1]);
      }
    }
    const found = [];
    let [i, j] = [0, 0];
    while (i < english.length || j < korean.length) {
      const value = worth[i]?.[j];
      if (value && best[i][j] === value + best[i + 1][j + 1]) found.push([english[i++], korean[j++]]);
      else if (i < english.length && (j === korean.length || best[i][j] === best[i + 1][j])) found.push([english[i++], null]);
      else found.push([null, korean[j++]]);
    }
    return found;
  };
  // Lists of nodes as one HTML; null where a text stands in one language only, without an element of its own.
  const joined = (english, korean) => {
    const parts = rows([...english], [...korean]).map(([a, b]) => {
      if (a && b) return isText(a) ? escaped(paired(a.data, b.data)) : merged(a, b);
      return isText(a ?? b) ? null : alone(a ?? b, a ? 'en' : 'ko');
    });
    return parts.includes(null) ? null : parts.join('');
  };
  const merged = (a, b) => {
    const inner = joined(a.childNodes, b.childNodes);
    if (inner === null) return alone(a, 'en') + alone(b, 'ko');
    const all = new Set([...a.getAttributeNames(), ...b.getAttributeNames()]);
    // One that stands in every window of one language only has no condition there.
    const pairs = [...all].map((name) => [name, paired(a.getAttribute(name) ?? '', b.getAttribute(name) ?? '')]);
    return start(a, pairs) + inner + end(a);
  };

  return (english, korean) => {
    const [a, b] = [english, korean].map((html) => {
      const holder = document.createElement('template');
      holder.innerHTML = html;
      return holder.content.firstElementChild;
    });
    const pairs = a.getAttributeNames().map((name) => [name, paired(a.getAttribute(name), b.getAttribute(name))]);
    const inner = joined(a.content.childNodes, b.content.childNodes);
    if (inner === null) throw new Error('a text of the page stands in one language only, without an element of its own');
    return start(a, pairs) + inner + end(a);
  };
})();
