// Which gateways are tried: those that are named (`--versions 2026.3.24,2026.9.6`), else one of each protocol, by the date.

const UNTOLD = { approval: 'no event tells a reader of approvals' };
const EARLIEST = { ...UNTOLD, model: 'agents.list names no model' };

/**
 * In order of release. `turn`: the whole suite has passed on it in one go, and takes minutes. `says`: the version that its hello names, where it is
 * another. `acts`: every kind of command was told to it. `lacks`: what cannot be seen there, by a word of the check's name. docs/protocol/versions.md says what is known of
 * each.
 */
export const KNOWN = [
  { version: '2026.2.26', protocol: 3, says: 'dev', lacks: { ...EARLIEST, status: 'rows have neither status nor cost', timeout: 'rows have no status' } },
  {
    version: '2026.3.24', protocol: 3, turn: true,
    lacks: { ...EARLIEST, stop: 'its row goes on saying `running`', timeout: 'no event, and its row goes on saying `running`' },
  },
  { version: '2026.4.29', protocol: 3, turn: true, acts: true },
  { version: '2026.5.12', protocol: 4, lacks: UNTOLD },
  { version: '2026.5.28', protocol: 4, turn: true, lacks: { ...UNTOLD, timeout: 'as a rule its row calls such a run `done`' } },
  { version: '2026.6.11', protocol: 4, turn: true, lacks: UNTOLD },
  { version: '2026.8.1', protocol: 4, turn: true },
  { version: '2026.9.1', protocol: 4, turn: true },
  { version: '2026.9.6', protocol: 4, turn: true, acts: true },
];
const DAY = 86_400_000;

/** A version that is not known is taken for the latest known one before it. */
function described(version) {
  if (!/^\d{4}\.\d+\.\d+$/.test(version)) {
    console.error(`--versions wants versions like 2026.9.6, not ${version}`);
    process.exit(2);
  }
  const number = (text) => text.split('.').reduce((all, part) => all * 1000 + Number(part), 0);
  const before = KNOWN.filter((known) => number(known.version) <= number(version));
  const { protocol, says, lacks, acts } = before.at(-1) ?? KNOWN[0];
  return { version, protocol, says, lacks, acts };
}

/** One of each protocol; every day the next. */
export function turnOf(time) {
  const day = Math.floor(time / DAY);
  return [3, 4].map((protocol) => {
    const turn = KNOWN.filter((known) => known.protocol === protocol && known.turn);
    return turn[day % turn.length];
  });
}

export function chosenVersions(args = process.argv.slice(2), time = Date.now()) {
  const at = args.indexOf('--versions');
  return at < 0 ? turnOf(time) : (args[at + 1] ?? '').split(',').map((version) => described(version.trim()));
}
