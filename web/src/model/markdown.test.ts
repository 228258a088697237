import { describe, expect, it } from 'vitest';
import { type Block, blocksOf, safeHref } from './markdown';

const only = (text: string): Block | undefined => blocksOf(text)[0];
const said = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => (key === 'href' ? undefined : inner));

describe('blocksOf', () => {
  it('reads what agents write', () => {
    const kinds = blocksOf(
      '# Head\n\nA *b* **c** `d` ~~e~~\n\n- one\n- two\n\n1. a\n\n> q\n\n```sh\nls\n```\n\n|a|b|\n|-|-:|\n|1|2|\n\n---\n',
    ).map(({ kind }) => kind);
    expect(kinds).toEqual([
      'heading',
      'paragraph',
      'list',
      'list',
      'quote',
      'code',
      'table',
      'rule',
    ]);
  });

  it('takes HTML for text, as a block and within a line', () => {
    for (const html of [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      'a <b onclick=alert(1)>b</b>',
      '<div>\n\n*x*\n\n</div>',
    ]) {
      expect(said(blocksOf(html))).toContain(JSON.stringify(html.slice(0, 3)).slice(1, 3));
      expect(said(blocksOf(html))).not.toMatch(/"kind":"html"/);
    }
    expect(only('<script>alert(1)</script>')).toMatchObject({
      kind: 'paragraph',
      children: [{ kind: 'text', text: '<script>alert(1)</script>' }],
    });
  });

  it('makes no link of what is none that one should follow', () => {
    for (const href of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:x',
      'file:///etc/passwd',
      '//evil.example/x',
      '/api/v1/tokens',
      'blob:https://x.example/1',
    ]) {
      expect(safeHref(href), href).toBeNull();
      expect(said(blocksOf(`[x](${href})`)), href).not.toContain('"link"');
    }
  });

  it('says where a link goes, where its words say something else', () => {
    expect(said(only('[your bank](https://evil.example/login)'))).toContain('"evil.example"');
    expect(said(only('[https://bank.example](https://evil.example)'))).toContain('"evil.example"');
    expect(said(only('[раypal.com](https://раypal.com)'))).toContain('"xn--');
    expect(said(only('<https://a.example/b>'))).toContain('"place":""');
  });

  it('loads no picture', () => {
    const picture = only('![chart](https://tracker.example/p.png?id=1)');
    expect(picture).toMatchObject({
      children: [
        { kind: 'link', place: 'tracker.example', children: [{ text: 'picture: chart' }] },
      ],
    });
  });

  it('keeps task lists', () => {
    expect(only('- [x] a\n- [ ] b')).toMatchObject({
      items: [{ checked: true }, { checked: false }],
    });
  });

  it('shows what is too long or too deep as it was written', () => {
    expect(only('x'.repeat(70_000))?.kind).toBe('code');
    expect(() => blocksOf('> '.repeat(2_000))).not.toThrow();
    expect(() => blocksOf(`${'*a '.repeat(2_000)}`)).not.toThrow();
  });
});
