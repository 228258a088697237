// The terms of what is linked in: notices.mjs WEB BUNDLED PACKAGE... Debian packages tell theirs in /usr/share/doc.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [web, bundled, ...packages] = process.argv.slice(2);
const part = (name, text) => console.log(`${'='.repeat(79)}\n${name}\n${'='.repeat(79)}\n\n${text.trim()}\n`);

function licenceOf(folder) {
  const file = readdirSync(folder).sort().find((name) => /^licen[cs]e/i.test(name));
  return file ? readFileSync(join(folder, file), 'utf8') : `License: ${JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).license}`;
}

for (const name of packages) part(name, readFileSync(`/usr/share/doc/${name}/copyright`, 'utf8'));
for (const folder of JSON.parse(readFileSync(bundled, 'utf8'))) part(folder.replace('node_modules/', ''), licenceOf(join(web, folder)));
