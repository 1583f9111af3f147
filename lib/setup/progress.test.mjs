import { describe, expect, it } from 'vitest';
import { folderSize, howFar, showProgress } from './progress.mjs';

describe('howFar', () => {
  it('says as much as is known', () => {
    expect(howFar({ seconds: 3 })).toBe('3 s');
    expect(howFar({ done: 12_345_678, seconds: 3 })).toBe('12 MB, 3 s');
    expect(howFar({ done: 50e6, total: 200e6, seconds: 3 })).toBe('25 %, 50 of 200 MB, 3 s');
  });

  it('is not at 100 % before the end, nor beyond it', () => {
    expect(howFar({ done: 199.9e6, total: 200e6, seconds: 3 })).toMatch(/^99 %/);
    expect(howFar({ done: 201e6, total: 200e6, seconds: 3 })).toMatch(/^100 %/);
  });
});

describe('showProgress', () => {
  const show = (isTTY) => {
    let written = '';
    showProgress('unpacking', {}, { isTTY, write: (text) => (written += text) })();
    return written;
  };

  it('rewrites its line on a terminal and ends it', () => {
    expect(show(true)).toBe('\r\x1b[K  unpacking … 0 s\r\x1b[K  unpacking … 0 s\n');
  });

  it('writes plain lines elsewhere', () => {
    expect(show(false)).toBe('  unpacking …\n');
  });
});

describe('folderSize', () => {
  it('is 0 for a folder that is not there', () => {
    expect(folderSize('/no/such/folder')).toBe(0);
  });
});
