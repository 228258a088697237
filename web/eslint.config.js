import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const hostileText = [
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
    message: 'Text of agents and gateways is hostile: textContent only.',
  },
  {
    selector: "SvelteAttribute[key.name='style']",
    message:
      'The policy forbids style attributes; use style:property, which goes past it by CSSOM.',
  },
];

// Ages of what the server tells are by the server's clock: `now()` and `serverTime()` of live/clock.svelte.ts.
const ownClock = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message:
      "The viewer's clock may be off: now() or serverTime(); for what happens here wallClock().",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "The viewer's clock may be off: new Date(now()).",
  },
];

// All of it may stand below a path (CONTROL_CENTER_BASE_PATH).
const bareAddress = [
  {
    selector: 'SvelteAttribute[key.name=/^(href|src|action)$/] > SvelteLiteral[value=/^\\//]',
    message: 'Addresses begin with the base path: the functions of router/route.ts know it.',
  },
  {
    selector: "Property[key.name='href'] > Literal[value=/^\\//]",
    message: 'Addresses begin with the base path: the functions of router/route.ts know it.',
  },
];

// What a folder may see stands above it, here and in README.md.
const folders = [
  'api',
  'model',
  'live',
  'router',
  'kept',
  'ui',
  'journal',
  'act',
  'shell',
  'pages',
];
const layers = folders.map((folder, index) => ({
  files: [`src/${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: folders.slice(index + 1).map((other) => ({
          group: [`**/${other}/**`],
          message: `${folder}/ stands above ${other}/ and may not see it.`,
        })),
      },
    ],
  },
}));

export default ts.config(
  { ignores: ['dist/', 'src/api/schema.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals['shared-node-browser'] } },
    rules: {
      'no-restricted-syntax': ['error', ...hostileText, ...ownClock, ...bareAddress],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      // Made for SvelteKit's resolve(); our links are plain paths.
      'svelte/no-navigation-without-resolve': 'off',
      // Rows live in plain maps on purpose: a version counter tells that they changed, once per frame.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['src/live/wall_clock.ts', 'src/testing/**', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...hostileText] },
  },
  ...layers,
);
