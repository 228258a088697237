// What a campaign was asked for: `--count N` and `--seed S`. The same seed makes the same decisions.
const args = process.argv.slice(2);

function option(name, otherwise) {
  const at = args.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const value = Number(args[at + 1]);
  if (!Number.isSafeInteger(value) || value < 0) {
    console.error(`--${name} wants a whole number, not ${args[at + 1] ?? 'nothing'}`);
    process.exit(2);
  }
  return value;
}

export function campaign(name, usualCount, of) {
  const count = option('count', usualCount);
  const seed = option('seed', Date.now() % 1_000_000);
  console.log(`${name}: ${count} ${of}, seed ${seed}`);
  return { count, seed, random: generator(seed), progress: progress(count, of) };
}

/** Mulberry32. */
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Says how far it is: on a terminal in place, else now and then. */
function progress(count, of) {
  const step = Math.max(1, Math.floor(count / 10));
  return (done) => {
    if (process.stdout.isTTY) process.stdout.write(`\r  ${done} of ${count} ${of}${done === count ? '\n' : ''}`);
    else if (done % step === 0 && count > 20) console.log(`  ${done} of ${count} ${of}`);
  };
}
