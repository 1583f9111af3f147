/** The samples of a player's sound, which its address holds. Nothing here needs Node or a browser beyond what both have. */

/** A sound: its samples lie between -1 and 1, those of all channels of a moment side by side. */
export interface PlayedSound {
  readonly samples: Float32Array;
  readonly sampleRate: number;
  readonly channels: number;
  readonly moments: number;
}

const PREFIX = 'data:audio/wav;base64,';

/** The sound of a WAV file of 16-bit samples in a data URL; undefined where it is something else. */
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
