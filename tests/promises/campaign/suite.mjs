// Every campaign with its full figure, one after the other, and one table of what was asked for and what was seen. It takes
// hours; `--scale 0.1` asks for a tenth of each, names pick some. The table also stays in build/campaign.md.
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CAMPAIGNS = [
  ['crash', 1000],
  ['powerloss', 10_000],
  ['seam', 10_000],
  ['chaos', 10],
  ['slow', 1000],
  ['stampede', 1000],
  ['leak', 100_000],
  ['disk', null],
  ['fuzz', 3600],
  ['retention', 10],
  ['storm', 60],
  ['siege', 10_000],
  ['commands', 20_000],
  ['upgrade', null],
  ['package', null, '--whole'],
];

const words = process.argv.slice(2);
const option = (name) => (words.includes(name) ? words.splice(words.indexOf(name), 2)[1] : null);
const scale = Number(option('--scale') ?? 1);
const seed = option('--seed');
const unknown = words.find((word) => !CAMPAIGNS.some(([name]) => name === word));
if (unknown || !(scale > 0)) {
  console.error(`usage: ./dev test campaign [NAME...] [--scale X] [--seed S]; there are: ${CAMPAIGNS.map(([name]) => name).join(' ')}`);
  process.exit(2);
}

/** Runs one, shows what it says, and reads what it says. */
async function run(name, count, more) {
  const args = count === null ? more : ['--count', String(Math.max(1, Math.round(count * scale)))];
  if (seed && count !== null) args.push('--seed', seed);
  const begun = Date.now();
  const child = spawn(join(import.meta.dirname, '../../../dev'), ['test', name, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (data) => {
    out += data;
    process.stdout.write(data);
  });
  const code = await new Promise((resolve) => { child.on('exit', resolve); });
  const lines = out.split('\n');
  const asked = lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? 'all of it';
  const [, passed, failed] = out.match(/^(\d+) passed, (\d+) failed$/m) ?? [null, 0, 1];
  return {
    name,
    asked: asked.replace(/, seed \d+$/, ''),
    seed: /seed (\d+)/.exec(asked)?.[1] ?? '–',
    seen: lines.filter((line) => line.startsWith('  seen: ')).map((line) => line.slice(8)).join('; '),
    passed: Number(passed),
    failed: code === 0 ? Number(failed) : Math.max(1, Number(failed)),
    minutes: ((Date.now() - begun) / 60_000).toFixed(1),
  };
}

const rows = [];
for (const [name, count, ...more] of CAMPAIGNS) {
  if (words.length > 0 && !words.includes(name)) continue;
  console.log(`---- ${name}`);
  rows.push(await run(name, count, more));
}

const commit = spawnSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).stdout.trim();
const table = [
  `Commit ${commit}, ${new Date().toISOString().slice(0, 10)}.`,
  '',
  '| campaign | asked for | seed | seen | checks | minutes |',
  '|---|---|---|---|---|---|',
  ...rows.map((row) => `| ${row.name} | ${row.asked} | ${row.seed} | ${row.seen} | ${row.passed} passed, ${row.failed} failed | ${row.minutes} |`),
].join('\n');
writeFileSync(join(process.env.CC_BUILD, 'campaign.md'), `${table}\n`);
console.log(table);
const sum = (what) => rows.reduce((total, row) => total + row[what], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') > 0 ? 1 : 0);
