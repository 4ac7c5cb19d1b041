// Takes the page's first picture: what the program has drawn, as HTML in which it stands for every window.
//
// A window is of a class by its width and of one by its height: within a class the program makes the same elements, and
// where its styles are others the style sheet says so. What stands in some classes only carries their numbers
// (`data-if-w`, `data-if-h`; `data-if` with
// pairs of them where a window is narrow or low). Styles are written as `data-style`, since the content policy allows no `style` in HTML.
window.picture = (() => {
  // What is measured in each window: the loader measures it anew, or the program draws it when it is there.
  const measured = { canvas: ['style', 'width', 'height'], '.tl-names': ['style'], '.col-p': ['data-fold'] };
  const emptied = '.wires > g';
  // Where the keyboard points, and what only is spoken: not looked at first.
  const unseen = '.point, .outline';
  const passing = ['data-changes', 'data-stored', 'data-session', 'data-active'];
  const taken = new Map();

  const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\u00a0/g, '&nbsp;');
  const quoted = (text) => escaped(text).replace(/"/g, '&quot;');
  const isVoid = (tag) => ['input', 'br', 'hr', 'img'].includes(tag);

  const attributes = (element) => {
    const left = Object.entries(measured).flatMap(([selector, names]) => (element.matches(selector) ? names : []));
    const all = element.getAttributeNames().filter((name) => !left.includes(name) && !passing.includes(name));
    const pairs = all.map((name) => [name === 'style' ? 'data-style' : name, element.getAttribute(name)]);
    // What a field holds is no attribute of it.
    if (element.matches('input') && element.value !== '') pairs.push(['value', element.value]);
    if (element.matches('.tl-names')) pairs.push(...lanes(element));
    return pairs.map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${quoted(value)}"`)).join('');
  };

  // How high a lane is depends on the window: how many there are, and what else is drawn with them, does not.
  const lanes = (names) => {
    const height = parseFloat(names.parentElement.querySelector('canvas').style.height);
    const count = names.querySelectorAll('li').length;
    const around = height - count * parseFloat(names.style.getPropertyValue('--lane'));
    return [['data-lanes', String(count)], ['data-around', String(around)]];
  };

  // A piece: its start tag, what stands in it, and all of it as HTML; a text has no tag.
  const piece = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return { html: escaped(node.data) };
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(unseen)) return null;
    const tag = node.localName;
    const start = `<${tag}${attributes(node)}`;
    const inner = node.matches(emptied) ? [] : pieces(node);
    return { tag, start, inner, html: whole(tag, start, inner.map((one) => one.html).join('')) };
  };
  const pieces = (element) => [...element.childNodes].map(piece).filter(Boolean);
  const whole = (tag, start, inner) => start + (isVoid(tag) ? '>' : `>${inner}</${tag}>`);

  // Whether two pieces can be told in one, and how well.
  const alike = (a, b) => (a.html === b.html ? 2 : a.tag && a.start === b.start ? 1 : 0);

  // Puts the pieces of one more class among those of the others, each beside its like, in their order.
  const added = (rows, key, list) => {
    const worth = (row, one) => Math.max(...[...row.values()].map((other) => alike(other, one)));
    const best = Array.from({ length: rows.length + 1 }, () => new Array(list.length + 1).fill(0));
    for (let i = rows.length - 1; i >= 0; i--) {
      for (let j = list.length - 1; j >= 0; j--) {
        const value = worth(rows[i], list[j]);
        best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], value && value + best[i + 1][j + 1]);
      }
    }
    const merged = [];
    let [i, j] = [0, 0];
    while (i < rows.length || j < list.length) {
      const value = i < rows.length && j < list.length ? worth(rows[i], list[j]) : 0;
      if (value && best[i][j] === value + best[i + 1][j + 1]) merged.push(rows[i++].set(key, list[j++]));
      else if (i < rows.length && (j === list.length || best[i][j] === best[i + 1][j])) merged.push(rows[i++]);
      else merged.push(new Map([[key, list[j++]]]));
    }
    return merged;
  };

  // The classes in which a piece stands, as attributes; nothing where it stands in all that its parent stands in.
  const condition = (keys, all) => {
    if (keys.length === all.length) return '';
    const [widths, heights] = [0, 1].map((axis) => [...new Set(keys.map((key) => key[axis]))].sort((a, b) => a - b));
    const named = all.filter((key) => widths.includes(key[0]) && heights.includes(key[1]));
    if (named.length !== keys.length) return ` data-if="${keys.map((key) => key.join('.')).join(' ')}"`;
    const every = (axis, some) => new Set(all.map((key) => key[axis])).size === some.length;
    const [w, h] = [every(0, widths), every(1, heights)];
    return (w ? '' : ` data-if-w="${widths.join(' ')}"`) + (h ? '' : ` data-if-h="${heights.join(' ')}"`);
  };

  // Several lists of pieces, by the classes in which they stand, as one HTML; null where a text differs that has no
  // element of its own.
  const joined = (lists) => {
    const all = [...lists.keys()];
    let rows = [];
    for (const [key, list] of lists) rows = added(rows, key, list);
    const parts = rows.map((row) => told(row, all));
    return parts.includes(null) ? null : parts.join('');
  };
  const told = (row, all) => {
    const keys = [...row.keys()];
    const first = row.get(keys[0]);
    if (!first.tag) return keys.length === all.length && keys.every((key) => row.get(key).html === first.html) ? first.html : null;
    if (keys.some((key) => row.get(key).html !== first.html)) {
      const inner = joined(new Map(keys.map((key) => [key, row.get(key).inner])));
      if (inner !== null) return whole(first.tag, first.start + condition(keys, all), inner);
    }
    // Those that differ inside stand beside each other, each in its own windows.
    const groups = Map.groupBy(keys, (key) => row.get(key).html);
    const one = (some) => whole(first.tag, row.get(some[0]).start + condition(some, all), row.get(some[0]).inner.map((piece) => piece.html).join(''));
    return [...groups.values()].map(one).join('');
  };

  // A class that is drawn as the one before it is none of its own. Gives the edges that are left, and the numbers by them.
  const distinct = (edges, axis) => {
    const drawn = edges.map((_, i) => [...taken].filter(([key]) => key[axis] === i).map(([, list]) => list.map((one) => one.html).join('')).join());
    const left = edges.filter((_, i) => i === 0 || drawn[i] !== drawn[i - 1]);
    return [left, edges.map((edge) => left.findLastIndex((other) => other <= edge))];
  };
  const html = (widths, heights) => {
    const [[w, ws], [h, hs]] = [distinct(widths, 0), distinct(heights, 1)];
    const lists = new Map();
    const keys = new Map();
    for (const [[x, y], list] of taken) {
      const name = `${ws[x]} ${hs[y]}`;
      if (!keys.has(name)) lists.set(keys.set(name, [ws[x], hs[y]]).get(name), list);
    }
    const inner = joined(lists);
    if (inner === null) throw new Error('a text of the page stands in some windows only, without an element of its own');
    return `<template id="picture" data-widths="${w.join(' ')}" data-heights="${h.join(' ')}">${inner}</template>`;
  };

  // Widths from which on the program makes other elements than in narrower windows, though nothing is laid out anew. With
  // `measures` it is given the occasion to measure anew, which takes some frames.
  const frame = () => new Promise(requestAnimationFrame);
  const edges = async (from, to, measures) => {
    const { style } = document.querySelector('.tl-w');
    const drawn = async (width) => {
      Object.defineProperty(window, 'innerWidth', { get: () => width, configurable: true });
      dispatchEvent(new Event('resize'));
      for (let turn = 0; turn < 8; turn++) await null;
      if (measures) {
        style.paddingRight = style.paddingRight ? '' : '1px';
        for (let turn = 0; turn < 3; turn++) await frame();
        await new Promise((done) => setTimeout(done));
      }
      return pieces(document.getElementById('app')).map((one) => one.html).join('');
    };
    const own = Object.getOwnPropertyDescriptor(window, 'innerWidth');
    const found = [];
    const between = async (low, before, high, behind) => {
      if (before === behind) return;
      if (high - low === 1) return void found.push(high);
      const middle = (low + high) >> 1;
      const there = await drawn(middle);
      await between(low, before, middle, there);
      await between(middle, there, high, behind);
    };
    let [last, before] = [from, await drawn(from)];
    for (let width = from + 32; width <= to; width += 32) {
      const there = await drawn(width);
      await between(last, before, width, there);
      [last, before] = [width, there];
    }
    Object.defineProperty(window, 'innerWidth', own);
    style.paddingRight = '';
    dispatchEvent(new Event('resize'));
    return found;
  };

  // Where the style sheet has another look: a width or a height from which on it holds.
  const looks = (axis) => {
    const all = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).map((rule) => rule.media?.mediaText ?? '');
    const at = (side, more) => all.flatMap((text) => [...text.matchAll(new RegExp(`${side}-${axis}: (\\d+)px`, 'g'))].map((found) => +found[1] + more));
    return [...new Set([...at('min', 0), ...at('max', 1)])].sort((a, b) => a - b);
  };

  return {
    edges,
    looks,
    take: (w, h) => void taken.set([w, h], pieces(document.getElementById('app'))),
    html,
  };
})();
