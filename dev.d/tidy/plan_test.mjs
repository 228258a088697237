import assert from 'node:assert/strict';
import { test } from 'node:test';

import { flagsBySource, portions, unified, withKeys } from './plan.mjs';

const TEXTS = {
  'src/a/one.cc': '#include "a/one.h"\n',
  'src/a/one.h': '#pragma once\n#include "b/two.h"\n',
  'src/b/two.h': '#pragma once\n',
  'src/b/two.cc': '#include "b/two.h"\n#include <vector>\n',
  'src/b/three.cc': 'int three();\n',
};

function keys({ texts = {}, flags = 'clang++ -O1', root = '/clone', world = 'v1' } = {}) {
  const all = new Map(Object.entries({ ...TEXTS, ...texts }));
  const commands = new Map([...all.keys()].filter((path) => path.endsWith('.cc')).map((path) => [path, flags]));
  return Object.fromEntries(withKeys(all, commands, root, world).map(({ source, key }) => [source, key]));
}

const changed = (one, other) => Object.keys(one).filter((source) => one[source] !== other[source]);

test('a source is looked at again when a header that it reaches through another one changes, and no other source is', () => {
  assert.deepEqual(changed(keys(), keys({ texts: { 'src/b/two.h': 'int two;\n' } })), ['src/a/one.cc', 'src/b/two.cc']);
});

test('a source is looked at again when it changes itself', () => {
  assert.deepEqual(changed(keys(), keys({ texts: { 'src/b/three.cc': '' } })), ['src/b/three.cc']);
});

test('every source is looked at again with other flags, and with other rules or another clang-tidy', () => {
  assert.equal(changed(keys(), keys({ flags: 'clang++ -O2' })).length, 3);
  assert.equal(changed(keys(), keys({ world: 'v2' })).length, 3);
});

test('another clone has the same keys', () => {
  const here = keys({ root: '/here', flags: 'clang++ -I/here/include' });
  assert.deepEqual(here, keys({ root: '/there', flags: 'clang++ -I/there/include' }));
});

test('headers that include each other come to an end', () => {
  const circle = { 'src/b/two.h': '#include "a/one.h"\n' };
  assert.equal(changed(keys(), keys({ texts: circle })).length, 2);
});

test('flags are those of the command, without its output, for our sources alone', () => {
  const commands = [
    { file: '/clone/src/a.cc', command: 'clang++ -DX -o a.o -c /clone/src/a.cc' },
    { file: '/elsewhere/b.cc', command: 'clang++ -o b.o -c /elsewhere/b.cc' },
  ];
  assert.deepEqual([...flagsBySource(commands, '/clone')], [['src/a.cc', 'clang++ -DX']]);
});

test('a portion holds sources with the same flags and checks, and not too many of them', () => {
  const source = (name, flags = 'f') => ({ source: name, flags, checks: '' });
  const many = Array.from({ length: 21 }, (_, i) => source(`${i}.cc`));
  const made = portions([...many, source('other.cc', 'g')]);
  assert.deepEqual(made.map((portion) => portion.length), [7, 7, 7, 1]);
  assert.equal(new Set(made.flat()).size, 22);
});

test('a portion compiles as its first source does, and has the name that lets the analyzer look inside', () => {
  const { file, text, entry } = unified([{ source: 'src/a.cc', flags: 'clang++ -DX' }, { source: 'src/b.cc' }], '/clone', '/made');
  assert.match(file, /^\/made\/UnifiedSource-[0-9a-f]+\.cc$/);
  assert.equal(text, '#include "/clone/src/a.cc"\n#include "/clone/src/b.cc"\n');
  assert.equal(entry.command, `clang++ -DX -o ${file}.o -c ${file}`);
});
