import { describe, expect, it } from 'vitest';
import {
  agentHref,
  href,
  hrefOfSubject,
  joinList,
  parseRoute,
  sessionHref,
  splitList,
} from './route';

const pageOf = (path: string) => parseRoute(path, '').page;

describe('parseRoute', () => {
  it('knows the pages', () => {
    expect(
      [
        ...['/', '/agents/g/otto', '/sessions', '/sessions/g/k', '/activity', '/gateways'],
        '/settings',
      ].map(pageOf),
    ).toEqual(['fleet', 'agent', 'sessions', 'session', 'activity', 'gateways', 'settings']);
  });

  it('has a page for what is not one', () => {
    for (const path of [
      '/nowhere',
      '/agents/g',
      '/agents/g/a/b',
      '/activity/x',
      '/constructor',
      '/__proto__',
    ]) {
      expect(pageOf(path)).toBe('missing');
    }
  });

  it('leads back to any identity, slashes, percents and markup too', () => {
    for (const key of ['agent:otto:main', 'a/b', '100%', '../..', '?q=#x', '<b>', 'ключ', ' ']) {
      for (const address of [agentHref('studio', key), sessionHref('studio', key)]) {
        const { pathname, search } = new URL(address, 'http://localhost');
        expect(parseRoute(pathname, search).parts).toEqual(['studio', key]);
      }
    }
  });

  it('shows an address that was broken by hand as it is', () => {
    expect(parseRoute('/agents/studio/100%', '').parts).toEqual(['studio', '100%']);
  });
});

it('leaves parameters without a value out of an address', () => {
  expect(href('/', { q: null, status: '', sort: '-name' })).toBe('/?sort=-name');
  expect(href('/', { q: null })).toBe('/');
});

it('leads from an entry to its subject', () => {
  expect(hrefOfSubject({ kind: 'gateway', gateway: 'a&b' })).toBe('/gateways?name=a%26b');
  expect(hrefOfSubject({ kind: 'session', gateway: 'studio', key: 'a/b' })).toBe(
    '/sessions/studio/a%2Fb',
  );
});

it('lists values that hold commas and backslashes', () => {
  for (const values of [[], ['a'], ['a', 'b'], ['a,b', 'c'], ['\\', 'a\\,b'], ['null', ' ']]) {
    expect(splitList(joinList(values))).toEqual(values);
  }
  expect(splitList('error,,waiting,')).toEqual(['error', 'waiting']);
});
