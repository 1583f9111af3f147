import { describe, expect, it } from 'vitest';
import { soundColumns, timeTicks } from './soundColumns';

describe('the columns of a sound', () => {
  const sound = { samples: [0, 1, 0, -1, 0.5, 0.5, 0, 0], sampleRate: 4, channels: 1 };

  it('are its lowest and highest samples, and how loud it is', () => {
    expect(soundColumns(sound, 2, 0, 8)).toEqual([
      { least: -1, greatest: 1, loud: Math.SQRT1_2 },
      { least: 0, greatest: 0.5, loud: Math.sqrt(0.125) },
    ]);
  });

  it('are of the part that is looked at', () => {
    expect(soundColumns(sound, 2, 4, 6).map(({ greatest }) => greatest)).toEqual([0.5, 0.5]);
  });

  it('show a moment several times where there are few, and nothing past the end', () => {
    expect(soundColumns(sound, 4, 1, 2).map(({ least }) => least)).toEqual([1, 1, 1, 1]);
    expect(soundColumns(sound, 1, 8, 9)).toEqual([{ least: 0, greatest: 0, loud: 0 }]);
  });
});

it.each([
  [0, 2, 5, ['0.0 s', '0.5 s', '1.0 s', '1.5 s', '2.0 s']],
  [0, 11.9, 6, ['0 s', '2 s', '4 s', '6 s', '8 s', '10 s']],
  [1.001, 1.0031, 4, ['1001 ms', '1002 ms', '1003 ms']],
  [0.1, 0.1002, 2, ['100.0 ms', '100.1 ms', '100.2 ms']],
])('times from %d to %d s have ticks at round ones', (from, to, most, expected) => {
  expect(timeTicks(from, to, most).map(({ text }) => text)).toEqual(expected);
});
