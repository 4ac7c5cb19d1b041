import init, { lines } from './digests.js';

try {
  await init({ module_or_path: new URL('./digests.wasm', import.meta.url) });
  document.getElementById('lines').textContent = lines();
  document.title = 'done';
} catch (error) {
  document.getElementById('lines').textContent = String(error);
  document.title = 'failed';
}
