import { describe, expect, it } from 'vitest';
import { fromCodePoints, toCodePoints } from './codePoints';

describe('offsets', () => {
  it('count a character beyond the first plane once in Jupyter and twice in JavaScript', () => {
    expect([0, 1, 2, 3].map((count) => fromCodePoints('🙂ab', count))).toEqual([0, 2, 3, 4]);
    expect([0, 2, 3, 4].map((offset) => toCodePoints('🙂ab', offset))).toEqual([0, 1, 2, 3]);
  });

  it('end with the text', () => {
    expect(fromCodePoints('ab', 9)).toBe(2);
  });
});
