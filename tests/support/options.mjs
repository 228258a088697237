// What a campaign was asked for: `--count N`, `--seed S`, which makes the same decisions again, and `--seconds T`, after
// which a long one ends early and checks what there is.
const args = process.argv.slice(2);

export function option(name, otherwise) {
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
  const seconds = option('seconds', Infinity);
  const begun = Date.now();
  console.log(`${name}: ${count} ${of}, seed ${seed}`);
  /** Whether there is time for another round. */
  const inTime = () => Date.now() - begun < seconds * 1000;
  return { count, seed, inTime, random: generator(seed), progress: progress(count, of) };
}

/** A line for the table of `./dev test campaign`. */
export function seen(what) { console.log(`  seen: ${what}`); }

export const megabytes = (bytes) => `${(bytes / 1048576).toFixed(0)} MiB`;

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
