import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';

import { bash, fish, zsh } from './completions.mjs';
import { configuration } from './configuration.mjs';
import { commandsPage, plain, settingsPage } from './pages.mjs';

const description = {
  version: '1.2.3',
  commands: [
    { name: 'serve', help: 'Run the server', options: [] },
    { name: 'token create', help: 'Make a token', options: [
      { name: 'NAME', value: 'NAME', help: 'What it is for' },
      { name: '--role', value: 'ROLE:{viewer,admin}', help: 'what it may' },
    ] },
    { name: 'events', help: 'Print the journal', options: [{ name: '--follow', value: '', help: 'Go on' }] },
  ],
  settings: [
    { variable: 'CC_LOG', flag: '--log', key: 'log', default: 'info', form: 'debug, info or error', help: "What's logged: [all].", heading: 'Log', secret: false },
    { variable: 'CC_TOKEN', flag: '--token', key: 'token', default: '', form: 'at least 16 characters', help: 'Token.', heading: '', secret: true },
    { variable: 'CC_DIR', flag: '--dir', key: 'dir', default: '', form: 'the path of a directory', help: '.dot first', heading: '', secret: false },
  ],
  gatewayKeys: [{ name: 'ws_url', form: 'ws://HOST:PORT/' }],
};

test('text stands as it is, whatever troff reads into it', () => {
  assert.equal(plain('.TH a-b\\c'), '\\&.TH a\\-b\\ec');
  assert.match(settingsPage(description, '2026-01-01'), /^\\&\.dot first$/m);
});

test('the pages tell every command, option and setting', () => {
  const page = commandsPage(description, '2026-01-01');
  for (const word of ['token create', '\\-\\-role', '\\-\\-follow', '\\-\\-log', 'CC_TOKEN']) assert.ok(page.includes(word), word);
  assert.ok(page.includes('One of \\fBviewer\\fR, \\fBadmin\\fR.'));
  assert.ok(settingsPage(description, '2026-01-01').includes('.SS Log\n.TP\n\\fBlog\\fR'));
});

test('the configuration sets nothing and explains everything', () => {
  const lines = configuration(description).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.deepEqual(lines, []);
  assert.match(configuration(description), /^# Form: debug, info or error\.\n#log = "info"$/m);
  assert.match(configuration(description), /Others must not be able to read this file then\.\n# Form: at least/);
});

function completed(line) {
  const words = line.split(' ');
  const script = `${bash(description)}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_control_center\necho "\${COMPREPLY[*]}"`;
  return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split(' ');
}

test('bash completes commands, options and their words', () => {
  assert.deepEqual(completed('control-center s'), ['serve']);
  assert.deepEqual(completed('control-center token '), ['create']);
  assert.deepEqual(completed('control-center token create --r'), ['--role']);
  assert.deepEqual(completed('control-center token create --role '), ['viewer', 'admin']);
  assert.deepEqual(completed('control-center serve --log d'), ['debug']);
});

test('the other shells are told the same', () => {
  assert.match(zsh(description), /'--log\[What'\\''s logged\\: \\\[all\\\]\.\]:value:\(debug info error\)'/);
  assert.match(fish(description), /-l role -d 'what it may' -x -a 'viewer admin'/);
  assert.match(fish(description), /-l dir -d '\.dot first' -r -F/);
});
