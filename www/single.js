// The page as one file: takes what lies packed in it (`xtask/src/single.rs`), puts the page together, and starts the loader,
// which asks `partitaOne` where it would ask a server.
(async () => {
  const packed = document.getElementById('packed');
  try {
    // Seven bits a sign; where such a sign cannot stand in HTML, one of two bytes holds which it is, and the next seven.
    const ODD = {{odd}};
    const bytes = new Uint8Array({{total}});
    let [at, bits, count] = [0, 0, 0];
    const take = (seven) => {
      bits = ((bits << 7) | seven) & 0x7fff;
      count += 7;
      if (count >= 8) bytes[at++] = bits >> (count -= 8);
    };
    const text = packed.textContent;
    for (let index = 0; index < text.length; index++) {
      const sign = text.charCodeAt(index);
      if (sign < 128) take(sign);
      else {
        take(ODD[(sign >> 7) - 1]);
        take(sign & 127);
      }
    }
    packed.remove();
    const parts = {};
    let from = 0;
    for (const [name, length] of {{parts}}) parts[name] = bytes.subarray(from, (from += length));
    const unzipped = new Blob([parts['']]).stream().pipeThrough(new DecompressionStream('gzip'));
    const { style, page, scripts, files } = await new Response(unzipped).json();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
    document.getElementById('app').remove();
    document.body.insertAdjacentHTML('beforeend', page);
    globalThis.partitaOne = { file: async (name) => new Response(files[name] ?? parts[name]) };
    for (const script of scripts) document.head.append(Object.assign(document.createElement('script'), { textContent: script }));
  } catch (error) {
    document.querySelector('#app p').textContent = `This browser cannot open Partita as one file. 이 브라우저는 파일 하나로 된 Partita를 열 수 없습니다. (${error})`;
  }
})();
