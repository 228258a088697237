// The manual pages, in man(7).
import { isPositional, valueOf } from './description.mjs';

/** Text as it stands: troff reads nothing into it. */
export function plain(text) {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  return escaped.replace(/^([.'])/gm, '\\&$1').replaceAll("'", '\\(aq').replaceAll('`', '\\(ga').replaceAll('~', '\\(ti').replaceAll('^', '\\(ha');
}

const bold = (text) => `\\fB${plain(text)}\\fR`;
const italic = (text) => `\\fI${plain(text)}\\fR`;
const section = (name, ...lines) => `.SH ${name}\n${lines.join('\n')}\n`;
const entry = (term, ...lines) => `.TP\n${term}\n${lines.join('\n')}`;
const example = (text) => `.nf\n.RS\n${plain(text)}\n.RE\n.fi`;
const head = (name, number, date, { version }) => `.\\" Made by dev.d/release from the program's own tables.\n`
  + `.TH ${name} ${number} ${date} "Control Center ${version}" "Control Center"\n`;

const written = (option) => {
  const value = valueOf(option);
  if (isPositional(option)) return italic(option.name);
  return bold(option.name) + (value ? ` ${italic(value.name)}` : '');
};

function command({ name, help, options }) {
  const positional = options.filter(isPositional).map(written);
  const lines = options.filter((option) => option.help).map((option) => `.RS\n${entry(written(option), `${plain(option.help)}.`, ...choice(option))}\n.RE`);
  return [entry([bold(`control-center ${name}`), ...positional].join(' '), `${plain(help)}.`), ...lines].join('\n');
}

function choice(option) {
  const { words } = valueOf(option) ?? { words: [] };
  return words.length ? [`One of ${words.map(bold).join(', ')}.`] : [];
}

const fallback = (setting) => (setting.default ? [`Default: ${bold(setting.default)}.`] : []);

function flag(setting) {
  return entry(`${bold(setting.flag)} ${italic('VALUE')}, ${bold(setting.variable)}`, plain(setting.help), ...fallback(setting));
}

function key(setting) {
  const heading = setting.heading ? [`.SS ${plain(setting.heading)}`] : [];
  return [...heading, entry(bold(setting.key), plain(setting.help), `Form: ${plain(setting.form)}.`, ...fallback(setting))].join('\n');
}

export function commandsPage(description, date) {
  return head('CONTROL\\-CENTER', 1, date, description)
    + section('NAME', 'control\\-center \\- live dashboard and API for OpenClaw agents')
    + section('SYNOPSIS', `.B control\\-center\n[${italic('COMMAND')}] [${bold('--config')} ${italic('FILE')}] [${bold('--SETTING')} ${italic('VALUE')}]...`)
    + section('DESCRIPTION', plain('Keeps a live connection to OpenClaw gateways, records every change in a journal, and shows which agents exist,\n'
      + 'what each of them does, and why one is stuck. The dashboard is part of the program.'))
    + section('COMMANDS', ...description.commands.map(command), '.PP',
      plain('While serve runs, the other commands talk to it. They need the same --config or --data-dir.'))
    + section('OPTIONS', entry(`${bold('--config')} ${italic('FILE')}`, 'The configuration file, see', '.BR control\\-center.toml (5).'),
      entry(bold('--help'), 'What a command understands.'), entry(bold('--version'), 'The version.'), '.PP',
      plain('Each setting is a flag, an environment variable, or a key of the file. The flag wins over the variable, the variable\nover the file.'),
      ...description.settings.map(flag))
    + section('EXIT STATUS', entry('0', 'Done; serve: a clean stop.'), entry('1', 'It could not do what was asked.'),
      entry('2', 'Usage or configuration.'), entry('3', 'The database cannot be opened, is from a newer release, or is in use.'),
      entry('4', 'The address is taken.'))
    + section('FILES', entry(plain('/etc/control-center/control-center.toml'), 'The configuration that the service of the Debian package reads.'),
      entry(plain('/var/lib/control-center'), 'Its data: the database, the key of this installation, and admin\\-token, with which one signs in first.'))
    + section('SIGNALS', entry('SIGTERM, SIGINT', 'A clean stop.'), entry('SIGHUP', 'Reads the TLS certificate again.'))
    + section('EXAMPLES', example('OPENCLAW_GATEWAY_TOKEN_FILE=~/gateway-token control-center serve'),
      '.PP', example('control-center doctor --config /etc/control-center/control-center.toml'))
    + section('SEE ALSO', '.BR control\\-center.toml (5)');
}

export function settingsPage(description, date) {
  return head('CONTROL\\-CENTER.TOML', 5, date, description)
    + section('NAME', 'control\\-center.toml \\- configuration of control\\-center')
    + section('DESCRIPTION', plain('A file in TOML. It is read at the start, from the place that --config names; the service reads\n/etc/control-center/control-center.toml.'),
      plain('A flag or an environment variable wins over the file. An unknown key or a bad value ends the program with exit code 2.'), '.PP',
      plain('A file that holds a secret must belong to the user that the program runs as, and nobody else may read it.'))
    + section('KEYS', ...description.settings.map(key))
    + section('GATEWAYS', plain('Each [[gateway]] table is one gateway. A key that is left out is as above.'),
      ...description.gatewayKeys.map(({ name, form }) => entry(bold(name), `Form: ${plain(form)}.`)))
    + section('EXAMPLE', example('listen = "127.0.0.1:8787"\n\n[[gateway]]\nname = "office"\nws_url = "wss://gateway.example/"\ntoken_file = "/etc/control-center/office-token"'))
    + section('SEE ALSO', '.BR control\\-center (1)');
}
