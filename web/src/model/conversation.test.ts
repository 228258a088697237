import { describe, expect, it } from 'vitest';
import type { Message, Part } from '../api/client';
import { joined, previewOf, turnsOf } from './conversation';

const message = (id: string, role: string, ...parts: Part[]): Message => ({
  id,
  role,
  at: 1_000,
  parts,
  model: null,
  usage: null,
  costUsd: null,
  error: null,
});
const text = (said: string): Part => ({ type: 'text', text: said });
const call = (id: string): Part => ({
  type: 'toolCall',
  id,
  name: 'exec',
  arguments: { command: 'ls' },
});
const result = (id: string): Part => ({
  type: 'toolResult',
  id,
  name: 'exec',
  failed: false,
  text: 'a.txt',
});

describe('turnsOf', () => {
  it('puts what a tool gave back to its call, also from a message of its own', () => {
    const turns = turnsOf([
      message('1', 'user', text('list')),
      message('2', 'assistant', call('c1'), call('c2')),
      message('3', 'toolResult', result('c2')),
      message('4', 'toolResult', result('c1')),
      message('5', 'assistant', text('done')),
    ]);
    expect(turns.map(({ who }) => who)).toEqual(['user', 'assistant']);
    const [first, second, last] = turns[1]?.pieces ?? [];
    expect(first).toMatchObject({ kind: 'tool', call: { id: 'c1' }, result: { id: 'c1' } });
    expect(second).toMatchObject({ kind: 'tool', call: { id: 'c2' }, result: { id: 'c2' } });
    expect(last).toEqual({ kind: 'text', text: 'done' });
  });

  it('shows a result whose call is on an older page', () => {
    const [turn] = turnsOf([message('3', 'toolResult', result('c1'))]);
    expect(turn?.pieces[0]).toMatchObject({ kind: 'tool', name: 'exec', call: null });
  });

  it('keeps two messages of persons apart, and roles that it does not know', () => {
    const turns = turnsOf([
      message('1', 'user', text('a')),
      message('2', 'user', text('b')),
      message('3', 'system', text('reset')),
    ]);
    expect(turns.map(({ who }) => who)).toEqual(['user', 'user', 'system']);
  });

  it('sums what a turn cost, and says nothing where nothing is known', () => {
    const priced = { ...message('1', 'assistant', text('a')), costUsd: 0.5 };
    expect(turnsOf([priced, { ...priced, id: '2' }])[0]?.costUsd).toBe(1);
    expect(turnsOf([message('1', 'assistant', text('a'))])[0]?.costUsd).toBeNull();
  });
});

it('keeps older pages when the newest is read again', () => {
  const known = { items: ['1', '2', '3'].map((id) => message(id, 'user', text(id))), before: 'p' };
  const page = { items: ['3', '4'].map((id) => message(id, 'user', text(id))), before: 'q' };
  expect(joined(known, page).items.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  expect(joined(known, page).before).toBe('p');
  const apart = { items: [message('9', 'user', text('9'))], before: 'z' };
  expect(joined(known, apart)).toBe(apart);
});

it('tells what a tool was given in a line', () => {
  expect(previewOf({ timeout: 3, command: 'ls\n  -l' })).toBe('ls -l');
  expect(previewOf(null)).toBe('');
});
