import { afterEach, describe, expect, it, vi } from 'vitest';
import { get, queryString } from './client';

afterEach(() => {
  vi.unstubAllGlobals();
});

const answers = (response: Response | Error) => {
  vi.stubGlobal('fetch', () =>
    response instanceof Error ? Promise.reject(response) : Promise.resolve(response),
  );
};

describe('queryString', () => {
  it('leaves out what has no value', () => {
    expect(queryString({ a: null, b: undefined, c: '', d: [], e: 0 })).toBe('?e=0');
    expect(queryString({})).toBe('');
  });

  it('joins alternatives, and keeps commas inside of one', () => {
    expect(decodeURIComponent(queryString({ status: ['error', 'idle'] }))).toBe(
      '?status=error,idle',
    );
    expect(decodeURIComponent(queryString({ agentId: ['a,b'] }))).toBe('?agentId=a\\,b');
  });
});

describe('get', () => {
  it('gives a problem as a value', async () => {
    answers(
      Response.json(
        { type: 'about:blank', title: 'Gone', status: 410, detail: 'Load again.', reason: 'epoch' },
        { status: 410 },
      ),
    );
    const result = await get('/api/v1/events');
    expect(result).toMatchObject({
      ok: false,
      failure: { status: 410, title: 'Gone', problem: { reason: 'epoch' } },
    });
  });

  it('gives what is not a problem document by its number', async () => {
    answers(new Response('<html>', { status: 502 }));
    expect(await get('/')).toMatchObject({
      ok: false,
      failure: { status: 502, title: 'HTTP 502' },
    });
  });

  it('gives a server that is away as a value too', async () => {
    answers(new TypeError('Failed to fetch'));
    expect(await get('/')).toMatchObject({
      ok: false,
      failure: { status: 0, title: 'Control Center does not answer' },
    });
  });
});
