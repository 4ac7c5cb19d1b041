export default {
  title: 'Orders',
  url: 'https://orders.example',
  baseUrl: '/',
  scripts: [{ src: 'https://partita.example/partita-embed.js', async: true }],
  presets: [['classic', { blog: false, docs: { routeBasePath: '/' } }]],
  themeConfig: { navbar: { title: 'Orders' } },
};
