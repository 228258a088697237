import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds a running Control Center.
const target = process.env['CONTROL_CENTER_URL'] ?? 'http://127.0.0.1:8787';
// The host stays the browser's: Control Center refuses writes from another origin.
const proxy = { '/api': { target, changeOrigin: false } };

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types svelte-trusted-html control-center";

export default defineConfig({
  plugins: [svelte()],
  // Below any path: the server writes it into the index, and the other files are beside one another.
  experimental: {
    renderBuiltUrl: (filename, { hostType }) =>
      hostType === 'html' ? `/${filename}` : { relative: true },
  },
  build: {
    target: 'es2023',
    // Nothing inline: the content security policy allows neither scripts nor styles in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: true,
  },
  worker: { format: 'es' },
  server: { proxy },
  // The built page under the policy that the program serves it with.
  preview: { proxy, headers: { 'Content-Security-Policy': policy } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
