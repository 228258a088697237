// Reads what `control-center describe` prints and writes the manual pages, the configuration file that packages bring, and
// completions for shells, all from it: manual.mjs DIR < description.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { bash, fish, zsh } from './completions.mjs';
import { configuration } from './configuration.mjs';
import { commandsPage, settingsPage } from './pages.mjs';

const dir = process.argv[2];
const description = JSON.parse(readFileSync(0, 'utf8'));
const date = new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000).toISOString().slice(0, 10);

const files = {
  'man/man1/control-center.1': commandsPage(description, date),
  'man/man5/control-center.toml.5': settingsPage(description, date),
  'control-center.toml': configuration(description),
  'bash-completion/completions/control-center': bash(description),
  'zsh/vendor-completions/_control-center': zsh(description),
  'fish/vendor_completions.d/control-center.fish': fish(description),
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(dir, name)), { recursive: true });
  writeFileSync(join(dir, name), text);
}
