// What clang-tidy has to look at, and in which portions. Pure: sources are handed in as texts.
import { createHash } from 'node:crypto';

// Most of what clang-tidy does is to walk the headers of the standard library and of Boost. Sources with the same flags are
// therefore included into one that is made for it, and the headers are walked once for all of them.
const MOST_IN_A_PORTION = 10;
// The analyzer looks into files that are included, instead of at their declarations alone, where the name begins like this.
const UNIFIED = 'UnifiedSource';

export const digest = (text) => createHash('sha256').update(text).digest('hex');

/** What is not asked of this source; .clang-tidy says why. */
function leftOut(source, flags) {
  if (source.endsWith('_test.cc')) return '-clang-analyzer-*,-cppcoreguidelines-avoid-capturing-lambda-coroutines';
  return flags.includes('cc_pch_net') ? '-clang-analyzer-*' : '';
}

/**
 * How each source is compiled.
 * @param commands what compile_commands.json holds
 * @returns Map from the source, relative to `root`, to the command up to its output
 */
export function flagsBySource(commands, root) {
  const flags = new Map();
  for (const { file, command } of commands) {
    if (!file.startsWith(`${root}/`)) continue;
    flags.set(file.slice(root.length + 1), command.slice(0, command.lastIndexOf(' -o ')));
  }
  return flags;
}

/** The files of ours that each file includes. `texts`: Map from a path to what the file holds. */
function includesOf(texts) {
  const includes = new Map();
  for (const [path, text] of texts) {
    const here = path.slice(0, path.lastIndexOf('/') + 1);
    const names = [...text.matchAll(/^ *# *include "([^"]+)"/gm)].map(([, name]) => name);
    const places = ['src/', 'tools/', 'tests/', '', here];
    includes.set(path, names.map((name) => places.map((place) => place + name).find((found) => texts.has(found))).filter(Boolean));
  }
  return includes;
}

function reachedFrom(path, includes) {
  const reached = new Set([path]);
  for (const file of reached) for (const next of includes.get(file)) reached.add(next); // a Set shows what is added meanwhile
  return [...reached];
}

/**
 * The sources, each with a key of all that decides what clang-tidy says about it: its flags, the checks, what it and the headers
 * that it reaches hold, and `world`, which stands for everything outside. The path of the clone is no part of it.
 * @returns [{ source, flags, checks, key }]
 */
export function withKeys(texts, flags, root, world) {
  const includes = includesOf(texts);
  const hashes = new Map([...texts].map(([path, text]) => [path, digest(text)]));
  return [...flags].filter(([source]) => texts.has(source)).map(([source, command]) => {
    const checks = leftOut(source, command);
    const files = reachedFrom(source, includes).map((path) => `${path} ${hashes.get(path)}`).sort();
    return { source, flags: command, checks, key: digest([world, command.replaceAll(root, '.'), checks, ...files].join('\n')) };
  });
}

/** Sources that can be looked at together, in portions of about the same size. */
export function portions(sources) {
  const groups = Map.groupBy(sources, ({ flags, checks }) => `${flags}\n${checks}`);
  return [...groups.values()].flatMap((group) => {
    const size = Math.ceil(group.length / Math.ceil(group.length / MOST_IN_A_PORTION));
    return Array.from({ length: Math.ceil(group.length / size) }, (_, i) => group.slice(i * size, (i + 1) * size));
  });
}

/** A source that includes all of the portion, and how it is compiled. */
export function unified(portion, root, folder) {
  const text = portion.map(({ source }) => `#include "${root}/${source}"\n`).join('');
  const file = `${folder}/${UNIFIED}-${digest(text).slice(0, 12)}.cc`;
  return { file, text, entry: entry(portion[0], file, folder) };
}

/** A line of compile_commands.json. */
export function entry({ flags }, file, folder) { return { directory: folder, file, command: `${flags} -o ${file}.o -c ${file}` }; }
