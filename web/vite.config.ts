import { writeFileSync } from 'node:fs';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds a running Control Center.
const target = process.env['CONTROL_CENTER_URL'] ?? 'http://127.0.0.1:8787';
// The host stays the browser's: Control Center refuses writes from another origin.
const proxy = { '/api': { target, changeOrigin: false } };

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types svelte-trusted-html control-center";

const modules = '/node_modules/';

/** `node_modules/NAME`, the folder of the package that a module is from; null: it is our own. */
function packageOf(id: string): string | null {
  const start = id.lastIndexOf(modules) + modules.length;
  if (start < modules.length) return null;
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(id.slice(start));
  return id.slice(id.indexOf(modules) + 1, start) + (name?.[0] ?? '');
}

/** Names the npm packages that went in, for the bill of materials of a release. */
const bundled: Plugin = {
  name: 'bundled',
  apply: 'build',
  generateBundle(_, bundle) {
    // Files that only a style names, such as fonts, are no modules.
    const files = Object.values(bundle).flatMap((one) =>
      one.type === 'asset' ? one.originalFileNames.map((name) => `/${name}`) : [],
    );
    const folders = new Set([...this.getModuleIds(), ...files].map(packageOf));
    const names = [...folders].filter((name) => name !== null).sort();
    writeFileSync(new URL('../build/web/bundled.json', import.meta.url), JSON.stringify(names));
  },
};

export default defineConfig({
  plugins: [svelte(), bundled],
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
