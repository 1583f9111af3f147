import { describe, expect, it } from 'vitest';
import { difference } from './packages.mjs';

const lock = {
  packages: {
    '': { name: 'kit', version: '1.0.0' },
    lib: { name: 'lib', version: '1.0.0' },
    'node_modules/lib': { resolved: 'lib', link: true },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a-win32': { version: '1.0.0', integrity: 'sha512-w', optional: true },
  },
};
const { '': _, 'node_modules/a-win32': __, ...here } = lock.packages;

describe('difference', () => {
  it('is nothing where everything is installed but what other platforms need', () => {
    expect(difference(lock, { packages: here })).toBeUndefined();
  });

  it('names a package that is missing', () => {
    const { 'node_modules/a': _, ...others } = here;
    expect(difference(lock, { packages: others })).toBe('a is missing');
  });

  it('names a package of another version, or with other bytes', () => {
    const withA = (a) => ({ packages: { ...here, 'node_modules/a': a } });
    expect(difference(lock, withA({ version: '1.0.1', integrity: 'sha512-a' }))).toBe('a has changed');
    expect(difference(lock, withA({ version: '1.0.0', integrity: 'sha512-b' }))).toBe('a has changed');
  });

  it('names a package that is not wanted any more', () => {
    expect(difference(lock, { packages: { ...here, 'node_modules/b': { version: '1.0.0' } } })).toContain('b');
  });
});
