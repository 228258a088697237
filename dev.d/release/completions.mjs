// Completions for bash, zsh and fish.
import { isPath, isPositional, valueOf, wordsOf } from './description.mjs';

const firstWords = ({ commands }) => [...new Set(commands.map(({ name }) => name.split(' ')[0]))];
const secondWords = ({ commands }) => commands.map(({ name }) => name.split(' ')).filter((words) => words.length > 1);
const named = (command) => command.options.filter((option) => !isPositional(option));
const flagsOf = (description) => ['--config', '--help', ...description.settings.map(({ flag }) => flag)];

/** Options with a list of words, of commands and of settings: `[['--role', ['viewer', …]], …]`. */
function listed({ commands, settings }) {
  const ofCommands = commands.flatMap(named).map((option) => [option.name, valueOf(option)?.words ?? []]);
  const ofSettings = settings.map((setting) => [setting.flag, wordsOf(setting)]);
  return [...ofCommands, ...ofSettings].filter(([, words]) => words.length > 0);
}

const withFiles = ({ settings }) => ['--config', ...settings.filter(isPath).map(({ flag }) => flag)];

export function bash(description) {
  const options = description.commands.filter((command) => named(command).length > 0)
    .map((command) => `    *" ${command.name} "*) words+=" ${named(command).map(({ name }) => name).join(' ')}" ;;`);
  return `# bash completion for control-center
_control_center() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words="${flagsOf(description).join(' ')}"
  case $before in
    ${withFiles(description).join(' | ')} | backup)
      COMPREPLY=($(compgen -f -- "$word")) && return ;;
${listed(description).map(([name, words]) => `    ${name}) COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$word")) && return ;;`).join('\n')}
    token) COMPREPLY=($(compgen -W "${secondWords(description).map(([, word]) => word).join(' ')}" -- "$word")) && return ;;
  esac
  case " \${COMP_WORDS[*]:0:COMP_CWORD} " in
${options.join('\n')}
    *) ;;
  esac
  if ((COMP_CWORD == 1)); then words+=" ${firstWords(description).join(' ')}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _control_center control-center
`;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const inZsh = (text) => text.replaceAll('\\', '\\\\').replace(/[[\]:]/g, '\\$&');

export function zsh(description) {
  const lists = new Map(listed(description));
  const files = new Set(withFiles(description));
  const after = (name) => (lists.has(name) ? `(${lists.get(name).join(' ')})` : files.has(name) ? '_files' : ' ');
  const flag = (name, help) => quoted(`${name}[${inZsh(help)}]:value:${after(name)}`);
  const option = (one) => (valueOf(one) ? flag(one.name, one.help) : quoted(`${one.name}[${inZsh(one.help)}]`));
  const own = description.commands.filter((command) => named(command).length > 0)
    .map((command) => `  *' ${command.name} '*) flags+=(${named(command).map(option).join(' ')}) ;;`);
  return `#compdef control-center
local -a flags commands
flags=(
  '--help[what a command understands]'
  ${flag('--config', 'the configuration file')}
${description.settings.map((setting) => `  ${flag(setting.flag, setting.help)}`).join('\n')}
)
commands=(${firstWords(description).join(' ')})
case " $words " in
${own.join('\n')}
esac
case $words[2] in
  token) _arguments '1: :(token)' '2: :(${secondWords(description).map(([, word]) => word).join(' ')})' $flags ;;
  backup) _arguments '1: :(backup)' '2:file:_files' $flags ;;
  *) _arguments "1: :($commands)" $flags ;;
esac
`;
}

export function fish(description) {
  const lists = new Map(listed(description));
  const files = new Set(withFiles(description));
  const begun = (command) => `__fish_seen_subcommand_from ${command.split(' ').at(-1)}`;
  const takes = (name) => (lists.has(name) ? ` -x -a ${quoted(lists.get(name).join(' '))}` : files.has(name) ? ' -r -F' : ' -x');
  const line = (words) => `complete -c control-center ${words}\n`;
  const long = (name, help) => `-l ${name.slice(2)} -d ${quoted(help)}`;
  return '# fish completion for control-center\n' + line('-f')
    + firstWords(description).map((word) => line(`-n __fish_use_subcommand -a ${word}`)).join('')
    + secondWords(description).map(([first, second]) => line(`-n ${quoted(begun(first))} -a ${second}`)).join('')
    + description.commands.flatMap((command) => named(command).map((option) => line(`-n ${quoted(begun(command.name))} ${long(option.name, option.help)}${valueOf(option) ? takes(option.name) : ''}`))).join('')
    + line(`${long('--config', 'The configuration file')} -r -F`)
    + description.settings.map((setting) => line(long(setting.flag, setting.help) + takes(setting.flag))).join('');
}
