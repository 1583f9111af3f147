/** Changes the palette of a PNG without decoding its pixels. Runs in Node and in browsers. */
import { crc32 } from '../../runtime/crc32';
import type { Rgb } from './colors';

const PREFIX = 'data:image/png;base64,';
/** The sizes of a file's signature, and of a chunk's length, type and checksum. */
const SIGNATURE = 8;
const [LENGTH, TYPE, CHECKSUM] = [4, 4, 4];

/** Replaces the palette's colours in the picture of a data URL; a picture without a palette is returned unchanged. */
export function recoloredPng(url: string, change: (color: Rgb) => Rgb): string {
  if (!url.startsWith(PREFIX)) return url;
  const bytes = Uint8Array.from(atob(url.slice(PREFIX.length)), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  for (let at = SIGNATURE; at + LENGTH + TYPE < bytes.length; ) {
    const length = view.getUint32(at);
    const data = at + LENGTH + TYPE;
    const type = String.fromCharCode(...bytes.subarray(at + LENGTH, data));
    if (type === 'IDAT') return url;
    if (type === 'PLTE') {
      for (let color = data; color < data + length; color += 3)
        bytes.set(change([bytes[color]!, bytes[color + 1]!, bytes[color + 2]!]), color);
      view.setUint32(data + length, crc32(bytes.subarray(at + LENGTH, data + length)));
      return PREFIX + base64Of(bytes);
    }
    at = data + length + CHECKSUM;
  }
  return url;
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
