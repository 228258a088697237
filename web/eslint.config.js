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

// What a folder may see stands above it, here and in README.md.
const folders = ['api', 'model', 'live', 'router', 'kept', 'ui', 'journal', 'shell', 'pages'];
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
      'no-restricted-syntax': ['error', ...hostileText],
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
  ...layers,
);
