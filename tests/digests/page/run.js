import init, { lines, seeks } from './digests.js';

try {
  await init({ module_or_path: new URL('./digests.wasm', import.meta.url) });
  document.getElementById('lines').textContent = location.search === '?seeks' ? seeks() : lines();
  document.title = 'done';
} catch (error) {
  document.getElementById('lines').textContent = String(error);
  document.title = 'failed';
}
