import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const CLEAN = 'int twice(int n) {\n  return 2 * n;\n}\n';
const FAULTY = 'int first(const int* list) {\n  if (list == nullptr) return *list;\n  return 0;\n}\n';

/** A clone with these sources, all of them compiled alike. */
function clone(t, sources) {
  const root = mkdtempSync(join(tmpdir(), 'cc-tidy-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, '.clang-tidy'), "Checks: '-*,clang-analyzer-core.*'\nWarningsAsErrors: '*'\nHeaderFilterRegex: '/src/.*'\n");
  const commands = Object.keys(sources).filter((path) => !path.includes('unbuilt')).map((path) => ({
    directory: root,
    file: join(root, path),
    command: `clang++-19 -std=c++23 -o x.o -c ${join(root, path)}`,
  }));
  writeFileSync(join(root, 'compile_commands.json'), JSON.stringify(commands));
  const write = (path, text) => writeFileSync(join(root, path), text);
  for (const [path, text] of Object.entries(sources)) write(path, text);
  const run = () => {
    const args = [join(import.meta.dirname, 'main.mjs'), 'compile_commands.json', 'build/tidy', 'stamps', '2', 'world'];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, input: Object.keys(sources).join('\n'), encoding: 'utf8' });
    return { status, stdout };
  };
  return { run, write, passed: () => readdirSync(join(root, 'stamps')).length };
}

test('a fault in one of several sources is found, and the others have passed', (t) => {
  const { run, write, passed } = clone(t, { 'src/a.cc': CLEAN, 'src/b.cc': FAULTY });
  const { status, stdout } = run();
  assert.equal(status, 1);
  assert.match(stdout, /src\/b\.cc:2:.*NullDereference/);
  assert.equal(passed(), 1);

  write('src/b.cc', 'int once(int n) {\n  return n;\n}\n');
  assert.deepEqual(run(), { status: 0, stdout: 'clang-tidy src/b.cc\n' });
  assert.deepEqual(run(), { status: 0, stdout: '' });
});

test('sources that pass are looked at as one, and the analyzer looks into each', (t) => {
  const { run, passed } = clone(t, { 'src/a.cc': CLEAN, 'src/b.cc': CLEAN.replace('twice', 'again') });
  assert.deepEqual(run(), { status: 0, stdout: 'clang-tidy src/a.cc and 1 more\n' });
  assert.equal(passed(), 2);
});

test('sources that do not compile as one are looked at one by one', (t) => {
  const { run, passed } = clone(t, { 'src/a.cc': CLEAN, 'src/b.cc': CLEAN });
  assert.equal(run().status, 0);
  assert.equal(passed(), 2);
});

test('a source that no target builds is an error', (t) => {
  const { run } = clone(t, { 'src/a.cc': CLEAN, 'src/unbuilt.cc': CLEAN });
  const { status, stdout } = run();
  assert.equal(status, 1);
  assert.match(stdout, /no target builds:\nsrc\/unbuilt\.cc/);
});
