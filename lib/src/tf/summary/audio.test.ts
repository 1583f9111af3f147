import { describe, expect, it } from 'vitest';
import { Summary } from '../../protos';
import { HostArray } from '../../runtime/hostArray';
import { summarize } from '../../testing/summarize';
import { constant } from '../ops/constants';
import { type AudioOptions, audioValues } from './audio';
import { audio } from './builders';

const ours = (samples: HostArray, options?: AudioOptions) =>
  Summary.decode(Summary.encode({ value: audioValues('tone', samples, options) })).value;
const fromTensorFlow = (samples: HostArray, { sampleRate = 44_100, maxOutputs }: AudioOptions = {}) =>
  summarize(() => audio('tone', constant(samples) as never, sampleRate, { maxOutputs }));

const sound = (shape: number[], of: (i: number) => number) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return new HostArray(
    'float32',
    shape,
    Float32Array.from({ length: size }, (_, i) => of(i)),
  );
};

describe('audioValues', () => {
  it.each<[string, HostArray, AudioOptions?]>([
    ['a tone', sound([1, 1000, 1], (i) => Math.sin(i / 7)), { sampleRate: 8000 }],
    ['two channels', sound([2, 300, 2], (i) => Math.sin(i / 7) * 0.3)],
    ['samples that are too loud', sound([1, 6, 1], (i) => [-3, -1, 1, 2, 0.99999, -0.99999][i]!)],
    ['samples halfway between two integers', sound([1, 8, 1], (i) => (i - 3.5) / 32768)],
    ['more sounds than are taken', sound([5, 3, 1], (i) => i / 20)],
    ['as many as are asked for', sound([5, 3, 1], (i) => i / 20), { maxOutputs: 2, sampleRate: 100 }],
  ])('makes the files that TensorFlow makes: %s', (_, samples, options) => {
    expect(ours(samples, options)).toEqual(fromTensorFlow(samples, options));
  });

  it('has the tag itself for a single sound, with or without channels', () => {
    expect(ours(sound([10], () => 0))).toMatchObject([
      { tag: 'tone', audio: { numChannels: 1, lengthFrames: 10, sampleRate: 44_100 } },
    ]);
    expect(ours(sound([10, 2], () => 0))).toMatchObject([{ tag: 'tone', audio: { numChannels: 2, lengthFrames: 10 } }]);
  });

  it('refuses what is no sound', () => {
    const shapes = 'expected samples of shape [frames], [frames, channels] or [batch, frames, channels]';
    expect(() => audioValues('tone', 1)).toThrow(`${shapes}, got []`);
    expect(() =>
      audioValues(
        'tone',
        sound([3, 0], () => 0),
      ),
    ).toThrow(`${shapes}, got [3, 0]`);
    expect(() => audioValues('tone', [0], { sampleRate: 0 })).toThrow(
      'expected a sample rate that is a positive integer, got 0',
    );
  });
});
