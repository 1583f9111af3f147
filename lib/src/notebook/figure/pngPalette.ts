/** Other colours for a PNG that has a palette, without a look at its pixels. Nothing here needs Node or a browser beyond what both have. */
import { crc32 } from '../../runtime/crc32';
import type { Rgb } from './colors';

const PREFIX = 'data:image/png;base64,';
/** Of a file: its signature. Of a chunk: its length, its type, and behind its data the checksum. */
const SIGNATURE = 8;
const [LENGTH, TYPE, CHECKSUM] = [4, 4, 4];

/** The picture of a data URL with each colour of its palette replaced; the same picture where it has none. */
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
