import { expect, it } from 'vitest';
import { encodeWav } from '../../runtime/wav';
import { soundOf } from './playedSound';

const urlOf = (wav: Uint8Array) => `data:audio/wav;base64,${Buffer.from(wav).toString('base64')}`;

it('a page reads the sound that its player has', () => {
  const wav = encodeWav({ samples: [0.5, -1, 0, 0.25], sampleRate: 8000, channels: 2 });
  expect(soundOf(urlOf(wav))).toEqual({
    samples: Float32Array.of(0.5, -1, 0, 0.25),
    sampleRate: 8000,
    channels: 2,
    moments: 2,
  });
});

it.each(['https://example.org/a.wav', urlOf(new Uint8Array(60))])('and nothing of what is none: %s', (url) => {
  expect(soundOf(url)).toBeUndefined();
});
