import { describe, expect, it } from 'vitest';
import { answersOf, choose, emptyDraft } from './answers';

const questions = [
  { id: 'q1', header: null, text: 'Which?', options: [{ label: 'A' }, { label: 'B' }], free: true },
  { id: 'q2', header: null, text: 'What?', options: [{ label: 'C' }], free: true, many: true },
];

describe('answers', () => {
  it('are not ready while a question has none: the gateway takes all at once', () => {
    const draft = emptyDraft(questions);
    expect(answersOf(questions, draft)).toBeNull();
    draft['q1'] = { chosen: ['A'], text: '' };
    expect(answersOf(questions, draft)).toBeNull();
    draft['q2'] = { chosen: [], text: '  ' };
    expect(answersOf(questions, draft)).toBeNull();
  });

  it('take own words for a single choice, and beside several', () => {
    const draft = { q1: { chosen: ['A'], text: 'mine' }, q2: { chosen: ['C'], text: 'also' } };
    expect(answersOf(questions, draft)).toEqual({ q1: ['mine'], q2: ['C', 'also'] });
  });

  it('keep one choice where only one may be', () => {
    expect(choose(['A'], 'B', false)).toEqual(['B']);
    expect(choose(['A'], 'B', true)).toEqual(['A', 'B']);
    expect(choose(['A', 'B'], 'A', true)).toEqual(['B']);
  });
});
