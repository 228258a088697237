import { describe, expect, it } from 'vitest';
import { addressOf, pathOf } from './base';

describe('a base path', () => {
  it('stands before our paths, once', () => {
    expect(addressOf('/', '/fleet/')).toBe('/fleet/');
    expect(addressOf('/sessions?q=a', '/fleet/')).toBe('/fleet/sessions?q=a');
    expect(addressOf('/sessions', '/')).toBe('/sessions');
  });

  it('is taken off an address, where it is there', () => {
    expect(pathOf('/fleet/sessions', '/fleet/')).toBe('/sessions');
    expect(pathOf('/fleet', '/fleet/')).toBe('/');
    expect(pathOf('/fleets', '/fleet/')).toBe('/fleets');
    expect(pathOf('/sessions', '/fleet/')).toBe('/sessions');
    expect(pathOf('/sessions', '/')).toBe('/sessions');
  });
});
