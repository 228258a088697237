// A database of each schema that was ever released opens, and keeps its cursors and its rows; a newer one is refused.
// `--record` makes the fixture of the schema that this release writes; a released one is never made again.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { seen } from '../../support/options.mjs';
import { Reader, journal } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { settledCursor } from '../../support/stream_checker.mjs';

const FIXTURES = join(import.meta.dirname, '../../fixtures/database');
const AT_VERSION = 60; // where the file format of SQLite has user_version
const schemaOf = (file) => readFileSync(file).readUInt32BE(AT_VERSION);
const scratch = () => mkdtempSync(join(tmpdir(), 'cc-upgrade-'));
const database = (dir) => join(dir, 'control-center.db');
// The gateway stays in the configuration, and is away; nothing that was kept is too old.
const AWAY = { WS_GATEWAY_URL: 'ws://127.0.0.1:9/', CONTROL_CENTER_RETENTION: '3650d', CONTROL_CENTER_WS_READY_TIMEOUT: '1h' };

/** The rows that a fleet of that time shows, without what depends on the moment. */
async function rows(center) {
  const all = {};
  for (const kind of ['agents', 'sessions', 'presence']) {
    const { items } = await center.get(`/api/v1/${kind}?limit=1000`);
    all[kind] = items.map(({ status, statusReason, statusSince, lastSeenAt, online, ...row }) => ({ ...row, reported: kind === 'sessions' ? status : undefined }));
  }
  return JSON.parse(JSON.stringify(all));
}

/** These rows without the members that came since, which say that nothing is known. */
const asOf = (then, now) =>
  Object.fromEntries(
    Object.entries(now).map(([kind, items]) => [
      kind,
      items.map((row, i) =>
        Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null || name in (then[kind][i] ?? {}))),
      ),
    ]),
  );

async function record() {
  const simulator = await Simulator.start(['--agents', 4, '--sessions', 12, '--events', 0, '--seed', 7]);
  const center = await ControlCenter.start(simulator.env);
  await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
  await simulator.post('rate', { events: 100 });
  await sleep(1000);
  await simulator.post('rate', { events: 0 });
  await settledCursor(center);
  const { dir } = center;
  await center.stop({ keep: true });
  simulator.stop();
  const again = await ControlCenter.start(AWAY, { dir });
  const facts = { journal: await journal(again), rows: await rows(again) };
  await again.stop({ keep: true });
  const schema = schemaOf(database(dir));
  mkdirSync(FIXTURES, { recursive: true });
  assert.ok(!existsSync(join(FIXTURES, `schema-${schema}.db`)), `schema ${schema} has its fixture`);
  copyFileSync(database(dir), join(FIXTURES, `schema-${schema}.db`));
  writeFileSync(join(FIXTURES, `schema-${schema}.json`), `${JSON.stringify(facts)}\n`);
  console.log(`recorded schema ${schema}`);
}

if (process.argv.includes('--record')) {
  await record();
  process.exit(0);
}

/** A copy to work on. */
function copyOf(fixture) {
  const dir = scratch();
  copyFileSync(join(FIXTURES, fixture), database(dir));
  chmodSync(database(dir), 0o600);
  return dir;
}

async function fresh() {
  const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' });
  await center.stop({ keep: true });
  return center.dir;
}

const current = schemaOf(database(await fresh()));
const fixtures = readdirSync(FIXTURES).filter((name) => name.endsWith('.db')).sort();

await check('there is a database of every schema', () => {
  assert.deepEqual(fixtures, Array.from({ length: current }, (_, i) => `schema-${i + 1}.db`));
});

for (const fixture of fixtures) {
  const facts = JSON.parse(readFileSync(join(FIXTURES, fixture.replace('.db', '.json')), 'utf8'));
  await check(`${fixture} opens, keeps its rows and its cursors, and goes on`, async () => {
    const dir = copyOf(fixture);
    const last = facts.journal.at(-1);
    const middle = facts.journal[facts.journal.length >> 1];
    for (let start = 1; start <= 2; start += 1) {
      const center = await ControlCenter.start(AWAY, { dir });
      assert.deepEqual(asOf(facts.rows, await rows(center)), facts.rows);
      const kept = await journal(center);
      assert.deepEqual(kept.slice(0, facts.journal.length), facts.journal);
      kept.forEach((entry, i) => assert.equal(`${entry.epoch}-${entry.seq}`, `${last.epoch}-${i + 1}`));
      const reader = new Reader(() => center, { after: `${middle.epoch}-${middle.seq}` });
      await until('a reader of that time is served', () => reader.seqs.includes(last.seq), 10_000, center);
      assert.deepEqual(reader.resets, []);
      assert.equal(reader.seqs[0], middle.seq + 1);
      reader.close();
      assert.equal(await center.stop({ keep: true }), 0);
    }
    assert.equal(schemaOf(database(dir)), current);
  });
}

await check('a newer schema is refused with exit code 3 and left as it is', () => {
  const dir = copyOf(fixtures.at(-1));
  const bytes = readFileSync(database(dir));
  bytes.writeUInt32BE(current + 1, AT_VERSION);
  writeFileSync(database(dir), bytes);
  const done = spawnSync(join(process.env.CC_BIN, 'control-center'), ['serve'], {
    env: { CONTROL_CENTER_DATA_DIR: dir, CONTROL_CENTER_LISTEN: '127.0.0.1:0', WS_GATEWAY_URL: 'off' },
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.equal(done.status, 3, done.stderr);
  assert.match(done.stderr, /newer/);
  assert.deepEqual(readFileSync(database(dir)), bytes);
});

seen(`schemas 1 to ${current} open and keep their cursors; ${current + 1} is refused`);
finish();
