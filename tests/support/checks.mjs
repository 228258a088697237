// Named checks with a verdict each, and the closing line that ./dev counts.
// Words pick checks by name; `--count 5` and its like are a campaign's (options.mjs).
const args = process.argv.slice(2);
const only = args.filter((word, i) => !word.startsWith('--') && !args[i - 1]?.startsWith('--'));
let passed = 0;
let failed = 0;
let skipped = 0;

/**
 * Runs one check; words on the command line pick checks by name. `why`, where it is said, is the reason that it cannot be
 * run here: it counts neither as passed nor as failed.
 */
export async function check(name, body, why = null) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) return;
  if (why) {
    skipped += 1;
    console.log(`  skip  ${name}: ${why}`);
    return;
  }
  const begun = Date.now();
  try {
    await body();
    passed += 1;
    console.log(`  ok    ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (error) {
    fail(name, error);
  }
}

/** Several checks on one ground: that there is no ground is one failure, and others go on. */
export async function ground(name, body) {
  try {
    await body();
  } catch (error) {
    fail(name, error);
  }
}

function fail(name, error) {
  failed += 1;
  console.log(`  FAIL  ${name}\n${String(error.stack ?? error).replace(/^/gm, '        ')}`);
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exit(failed > 0 ? 1 : 0);
}
