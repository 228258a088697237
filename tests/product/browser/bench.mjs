// How the dashboard bears a big fleet: 5,000 agents, 50,000 sessions, 500 changes a second. `./dev bench web` calls it.
// Prints each figure with its goal; the last line says how many were met. Measured in the browser that people use,
// on a machine that also runs the server and the simulated gateway. Frames and long tasks depend on who else has the
// processors; the CPU time of the page's thread does not.
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { closeBrowser, Visit } from './browser.mjs';
import { isLive } from './scenes.mjs';

const agents = Number(process.env.CC_BENCH_AGENTS ?? 5_000);
const sessions = Number(process.env.CC_BENCH_SESSIONS ?? 50_000);
const wantedRate = Number(process.env.CC_BENCH_RATE ?? 500);
const seconds = Number(process.env.CC_BENCH_SECONDS ?? 20);

let met = 0;
let missed = 0;
function report(what, figure, unit, goal = null) {
  let verdict = '';
  if (goal !== null) {
    const isMet = goal.most !== undefined ? figure <= goal.most : figure >= goal.least;
    isMet ? (met += 1) : (missed += 1);
    const limit = goal.most !== undefined ? `at most ${goal.most}` : `at least ${goal.least}`;
    verdict = `goal ${limit}: ${isMet ? 'met' : 'MISSED'}`;
  }
  console.log(`  ${what.padEnd(58)} ${String(Math.round(figure * 10) / 10).padStart(8)} ${unit.padEnd(8)} ${verdict}`);
}

const entries = async (center) => Number((await center.get('/api/v1/gateways')).cursor.split('-')[1]);

/** Turns the gateway's rate until so many entries a second come out of it; returns what they are in the end. */
async function settleRate(center, simulator) {
  let events = 2 * wantedRate; // not each of the gateway's events changes a row
  let rate = 0;
  for (let round = 0; round < 8; round += 1) {
    await simulator.post('rate', { events });
    await sleep(2_000);
    const [before, begun] = [await entries(center), performance.now()];
    await sleep(4_000);
    rate = ((await entries(center)) - before) / ((performance.now() - begun) / 1000);
    if (Math.abs(rate - wantedRate) < wantedRate / 10) break;
    events = Math.min(events * Math.min(2, Math.max(0.5, wantedRate / Math.max(rate, 1))), 8_000);
  }
  return rate;
}

/** Runs in the page: frames and long tasks for so long. */
const watchFrames = (ms) => new Promise((resolve) => {
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  const gaps = [];
  const begun = performance.now();
  let last = begun;
  const step = (now) => {
    gaps.push(now - last);
    last = now;
    if (now - begun < ms) requestAnimationFrame(step);
    else resolve({ gaps: gaps.slice(1), tasks, took: now - begun });
  };
  requestAnimationFrame(step);
});

/** CPU time of the page's thread so far, in milliseconds. */
async function busy(debuggerOf) {
  const { metrics } = await debuggerOf.send('Performance.getMetrics');
  return 1_000 * metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** Watches frames for so long, while `meanwhile` goes on. */
async function watch(name, page, debuggerOf, ms, meanwhile = async () => {}) {
  const [before, begun] = [await busy(debuggerOf), performance.now()];
  const watching = page.evaluate(watchFrames, ms);
  await meanwhile();
  const seen = await watching;
  const spent = (await busy(debuggerOf)) - before;
  tellFrames(name, seen);
  report(`${name}: CPU time of the page's thread`, spent / ((performance.now() - begun) / 1_000), 'ms per s');
}

function tellFrames(name, { gaps, tasks, took }) {
  gaps.sort((a, b) => a - b);
  report(`${name}: frames`, gaps.length / (took / 1000), 'per s', { least: 58 });
  report(`${name}: 99th percentile between two frames`, gaps[Math.floor(gaps.length * 0.99)], 'ms');
  report(`${name}: longest between two frames`, gaps.at(-1), 'ms');
  report(`${name}: tasks over 50 ms`, tasks.length, '', { most: 0 });
  report(`${name}: longest task`, Math.max(0, ...tasks), 'ms', { most: 50 });
}

const simulator = await Simulator.start(['--agents', agents, '--sessions', sessions, '--scenario', 'storm', '--events', 0, '--rows', 'slim']);
const center = await ControlCenter.start(simulator.env);
await isLive(center, 'default', 180_000);
await until('all sessions are there', async () => (await center.get('/api/v1/sessions?limit=1')).total >= sessions, 120_000);

console.log(`${agents} agents, ${sessions} sessions`);
const visit = await Visit.to(center, { signedIn: false });
const page = await visit.context.newPage();
let bytes = 0;
const debuggerOf = await visit.context.newCDPSession(page);
await debuggerOf.send('Network.enable');
await debuggerOf.send('Performance.enable', { timeDomain: 'threadTicks' });
const kinds = new Map();
debuggerOf.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
debuggerOf.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
  if (['Script', 'Stylesheet'].includes(kinds.get(requestId))) bytes += encodedDataLength;
});
await page.goto('/');
await page.getByLabel('Token').fill(center.token);
const clicked = performance.now();
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('table', { name: 'Agents' }).locator('tbody .row').first().waitFor();
report('sign-in to the first agents on the screen', performance.now() - clicked, 'ms');
report('first load: JavaScript and style sheets, as sent', bytes / 1024, 'KiB', { most: 120 });
await watch('at rest', page, debuggerOf, 3_000);

const rate = await settleRate(center, simulator);
report('changes arriving', rate, 'per s', { least: wantedRate * 0.9 });
await watch('fleet', page, debuggerOf, seconds * 1_000);
await watch('fleet, scrolled', page, debuggerOf, 8_000, async () => {
  for (let i = 0; i < 40; i += 1) {
    await page.mouse.wheel(0, 700);
    await sleep(150);
  }
});
const memory = await debuggerOf.send('Runtime.getHeapUsage');
report('heap of the page', memory.usedSize / 2 ** 20, 'MiB');
report('memory of the server', center.memory() / 2 ** 20, 'MiB');
await simulator.post('rate', { events: 0 });
await page.close();
await visit.end();
await closeBrowser();
await center.stop();
simulator.stop();
console.log(`${met} goals met, ${missed} missed`);
process.exit(0);
