// Runs clang-tidy on every source that it has not passed before.
//   node main.mjs COMPILE_COMMANDS FOLDER STAMPS JOBS WORLD <LIST
// LIST: our sources and headers, a path a line. FOLDER: for what is made on the way. STAMPS: a folder with an empty file for
// each key (plan.mjs) that passed; it may be shared by many clones. WORLD: a word for what else decides (versions, rules).
// Fails where clang-tidy has something to say, and where a source is part of no target.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { entry, flagsBySource, portions, unified, withKeys } from './plan.mjs';

const [commandsFile, folderName, stamps, jobs, world] = process.argv.slice(2);
const folder = resolve(folderName);
const root = process.cwd();
const paths = readFileSync(0, 'utf8').split('\n').filter(Boolean);
const texts = new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
const flags = flagsBySource(JSON.parse(readFileSync(commandsFile, 'utf8')), root);
for (const made of [folder, stamps]) mkdirSync(made, { recursive: true });

const stamp = ({ key }) => join(stamps, key);
function hasPassed(source) {
  if (!existsSync(stamp(source))) return false;
  utimesSync(stamp(source), new Date(), new Date()); // old ones are removed
  return true;
}

const unbuilt = paths.filter((path) => path.endsWith('.cc') && !flags.has(path));
if (unbuilt.length > 0) console.log(`no target builds:\n${unbuilt.join('\n')}`);
let failed = unbuilt.length;

const work = portions(withKeys(texts, flags, root, world).filter((source) => !hasPassed(source))).map(asWork);
const singles = work.flatMap(({ portion }) => portion).map((source) => entry(source, join(root, source.source), folder));
writeFileSync(join(folder, 'compile_commands.json'), JSON.stringify([...singles, ...work.map((piece) => piece.entry)]));

function asWork(portion) {
  const { file, text, entry: made } = unified(portion, root, folder);
  writeFileSync(file, text);
  return { portion, file, entry: made };
}

/** What clang-tidy says about the file; nothing where it passes. It succeeds, too, where it does not know how to compile it. */
function tidy(file, checks) {
  return new Promise((answer) => {
    const args = ['-p', folder, '--quiet', `--checks=${checks}`, file];
    execFile('clang-tidy-19', args, { maxBuffer: 1 << 28 }, (error, out, log) => {
      if (error || log.includes('Compile command not found')) answer(out || log || error.message);
      else answer(null);
    });
  });
}

async function lookAt({ portion, file }) {
  const [{ source, checks }] = portion;
  console.log(`clang-tidy ${source}${portion.length > 1 ? ` and ${portion.length - 1} more` : ''}`);
  if (portion.length > 1 && await tidy(file, checks) === null) portion.forEach(pass);
  else await lookAtEach(portion);
}

/** Sources that do not compile as one, or of which one is at fault. */
async function lookAtEach(portion) {
  for (const one of portion) {
    const found = await tidy(join(root, one.source), one.checks);
    if (found === null) pass(one);
    else fail(found);
  }
}

function pass(source) { writeFileSync(stamp(source), ''); }
function fail(found) {
  failed += 1;
  console.log(found);
}

const queue = work.values();
await Promise.all(Array.from({ length: Number(jobs) }, async () => { for (const piece of queue) await lookAt(piece); }));
process.exit(failed > 0 ? 1 : 0);
