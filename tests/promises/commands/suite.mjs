// Commands of many authors, while the server and the gateway are killed and the link between them is cut, at random: none is
// done twice, none lost, none said to be done that was not, none left open, and one whose fate is unknown lost its answer.
// `--count N` commands, `--authors N`; half a minute for the usual ones.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { FaultyProxy } from '../../support/faulty_proxy.mjs';
import { campaign, option, seen } from '../../support/options.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { Author, Wishes } from './author.mjs';
import { Ledger } from './ledger.mjs';

const { count, seed, random, progress } = campaign('commands', 300, 'commands');
const authorCount = option('authors', 10);
const PER_SECOND = Math.min(60, count / 15);
const IN_FLIGHT = 8; // the gateway is told so many things at once
const scratch = mkdtempSync(join(tmpdir(), 'cc-commands-'));
const callLog = join(scratch, 'calls');

const startSimulator = () => Simulator.start(['--agents', 5, '--sessions', 60, '--events', 0, '--seed', seed, '--call-log', callLog]);
const portOf = ({ http }) => Number(new URL(http).port);
let simulator = await startSimulator();
const link = await FaultyProxy.to(portOf(simulator), random);
const env = {
  WS_GATEWAY_URL: `ws://127.0.0.1:${link.port}/`,
  OPENCLAW_GATEWAY_TOKEN: simulator.token,
  CONTROL_CENTER_GATEWAY_ACCESS: 'admin',
  CONTROL_CENTER_WS_READY_TIMEOUT: '1h',
};
let center = await ControlCenter.start(env);
const now = () => center;

const faults = [];
const FAULTS = {
  async 'kill the server'() {
    center.process.kill('SIGKILL');
    await center.exited;
    center = await ControlCenter.start(env, { dir: center.dir });
  },
  async 'kill the gateway'() {
    simulator.process.kill('SIGKILL');
    simulator = await startSimulator();
    link.target = portOf(simulator);
  },
  async 'cut the link'() { for (const pair of link.pairs) pair.reset(); },
  async 'do it and lose the answer'() { await callFault('drop-after'); },
  async 'lose the question'() { await callFault('drop-before'); },
  async 'refuse'() { await callFault('refuse-call'); },
};

/** The next such call comes soon. */
async function callFault(kind) {
  const method = ['chat.send', 'chat.send', 'sessions.create', 'exec.approval.resolve'][Math.floor(random() * 4)];
  await simulator.post('fault', { kind, method, count: 1 });
  await sleep(1500);
}

async function strike(name) {
  const begin = Date.now();
  await FAULTS[name]();
  const retry = () => fetch(`${center.url}/api/v1/gateways/default/retry`, { method: 'POST', headers: { authorization: `Bearer ${center.token}` } });
  await until('live again', async () => {
    if ((await center.gateway())?.state === 'live') return true;
    await retry();
    return false;
  }, 60_000, center);
  faults.push({ name, begin, end: Date.now() });
}

/** Faults, one after the other, until the authors have told everything. */
async function trouble(over) {
  while (!over()) {
    await sleep(500 + random() * 1000);
    const names = Object.keys(FAULTS);
    await strike(names[faults.length % names.length]);
  }
}

/** Agents ask for something all the time. */
async function agents(over) {
  while (!over()) {
    await simulator.post('run', { waiting: true, durationMs: 60 }, 1).catch(() => {});
    await sleep(1000 / (PER_SECOND / 4));
  }
}

try {
  await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
  const authors = await Promise.all(Array.from({ length: authorCount }, (_, i) => Author.make(`author-${i}`, now)));
  const wishes = new Wishes(now, random);
  await wishes.look();
  let told = 0;
  const work = async (author) => {
    while (told < count) {
      told += 1;
      progress(told);
      await author.tell(wishes.next());
      await sleep(random() * 2000 * (authorCount / PER_SECOND));
    }
  };
  let over = false;
  const isOver = () => over;
  const beside = [trouble(isOver), agents(isOver)];
  const eyes = setInterval(() => wishes.look().catch(() => {}), 500);
  await Promise.all(authors.map(work));
  over = true;
  clearInterval(eyes);
  await Promise.all(beside);
  await simulator.post('fault', { kind: 'none' });

  await check('none is left open', () => until('all have ended', async () => {
    const { total } = await center.get('/api/v1/commands?status=accepted,sent&limit=1');
    return total === 0;
  }, 300_000, center));
  await sleep(1000); // what is known of lost answers is asked for
  const ledger = await Ledger.read(center, authors, callLog);
  const none = (list) => assert.deepEqual(list.slice(0, 3), [], `${list.length} of ${ledger.told.length}`);
  await check('none is lost', () => none(ledger.lost()));
  await check('none is done twice', () => none(ledger.doneTwice()));
  await check('none is said to be done that was not', () => none(ledger.saidToBeDoneAndWasNot()));
  await check('none was done that is said not to be', () => none(ledger.doneAndSaidNotToBe()));
  await check('the gateway was asked for none before its intent was committed', () => none(ledger.askedBeforeCommitted()));
  await check('one that is unknown lost its answer', () => {
    none(ledger.unknownWithoutAFault(faults));
    const { unknown = 0 } = ledger.counts();
    assert.ok(unknown <= faults.length * IN_FLIGHT, `${unknown} unknown by ${faults.length} faults`);
  });
  await check('the journal tells the way of each', () => none(ledger.strayed()));
  await check('the audit record has each, and its end', () => none(ledger.notInAudit()));
  const refused = authors.reduce((sum, author) => sum + author.refused, 0);
  seen(`${ledger.told.length} commands of ${authorCount} authors and ${refused} that were not taken, ${faults.length} faults: ` +
    Object.entries(ledger.counts()).map(([status, n]) => `${n} ${status}`).join(', '));
} finally {
  await center.stop();
  simulator.stop();
  link.close();
  rmSync(scratch, { recursive: true, force: true });
}
finish();
