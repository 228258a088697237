// The configuration file of the packages: every setting, explained, with none of them set.

const wrapped = (text, width = 98) => {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (`${lines.at(-1)} ${word}`.length > width) lines.push('');
    lines[lines.length - 1] += lines.at(-1) ? ` ${word}` : word;
  }
  return lines.map((line) => `# ${line}`).join('\n');
};

function setting({ key, help, form, heading, secret, default: fallback }) {
  const title = heading ? `\n# ---- ${heading}\n` : '';
  const why = secret ? `${help} Others must not be able to read this file then.` : help;
  return `${title}\n${wrapped(why)}\n${wrapped(`Form: ${form}.`)}\n#${key} = ${JSON.stringify(fallback)}\n`;
}

export function configuration({ settings, gatewayKeys }) {
  return `${wrapped('Configuration of control-center, see control-center.toml(5). A line that begins with # counts for nothing; '
    + 'take the # away to set something. What stands there is the default. After a change: systemctl restart control-center')}
#
${wrapped("A file with a secret belongs to the service's user, and nobody else may read it:")}
#   install -m 600 -o control-center /dev/stdin /etc/control-center/gateway-token
${settings.map(setting).join('')}
# ---- Several gateways: a table each, at the end of the file
#
#[[gateway]]
${gatewayKeys.map(({ name, form }) => `#${name} = ""  # ${form}`).join('\n')}
`;
}
