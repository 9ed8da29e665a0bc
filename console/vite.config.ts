// Builds the console into dist/console. Chunks find each other relative to their own address; only index.html names
// its assets from the root, because it is also the answer to deep links such as /topics/orders.

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    // The content security policy allows no data: URLs but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  experimental: {
    renderBuiltUrl: (filename, { hostType }) => (hostType === 'html' ? `/${filename}` : { relative: true }),
  },
  server: { proxy: { '/api': process.env['MILLRACE_CONSOLE_URL'] ?? 'http://127.0.0.1:8080' } },
});
