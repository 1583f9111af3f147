/** Decodes a player's sound from its data URL. Runs in Node and in browsers. */

/** A sound: samples between -1 and 1, interleaved by channel. */
export interface PlayedSound {
  readonly samples: Float32Array;
  readonly sampleRate: number;
  readonly channels: number;
  readonly moments: number;
}

const PREFIX = 'data:audio/wav;base64,';

/** Decodes the WAV file with 16-bit samples in a data URL; undefined for anything else. */
export function soundOf(url: string): PlayedSound | undefined {
  if (!url.startsWith(PREFIX)) return undefined;
  const bytes = Uint8Array.from(atob(url.slice(PREFIX.length)), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  let [channels, sampleRate] = [0, 0];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    const data = at + 8;
    if (name === 'fmt ') [channels, sampleRate] = [view.getUint16(data + 2, true), view.getUint32(data + 4, true)];
    if (name === 'data' && channels > 0) {
      const count = Math.floor(Math.min(length, bytes.length - data) / 2);
      const samples = Float32Array.from({ length: count }, (_, i) => view.getInt16(data + 2 * i, true) / 32768);
      return { samples, sampleRate, channels, moments: Math.floor(count / channels) };
    }
    at = data + length + (length % 2);
  }
  return undefined;
}
