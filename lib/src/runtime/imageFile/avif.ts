/**
 * Checks AVIF files: nested boxes that state their length. The decoder detects missing data itself; this only checks
 * that the boxes exist, and reads the size.
 *
 * @see ISO/IEC 14496-12, and 23008-12 for the boxes of pictures
 */
import { DataLossError } from '../errors';
import { type ImageCheck, need } from './check';

/** The boxes that lead to the size of pictures, with the number of their own bytes before their nested boxes. */
const inside: Record<string, number> = { meta: 4, iprp: 0, ipco: 0 };

/** Whether a file has the signature of AVIF. */
export function isAvif(file: Buffer): boolean {
  return file.toString('latin1', 4, 8) === 'ftyp' && /^avi[fs]/.test(file.toString('latin1', 8, 12));
}

export const checkAvif: ImageCheck = (file, claim) => {
  if (!checkBoxes(file, 0, file.length, claim)) throw new DataLossError('it has no pixels');
};

/** Checks the boxes from `start` to `end`, and returns whether one of them contains pixels. */
function checkBoxes(file: Buffer, start: number, end: number, claim: Parameters<ImageCheck>[1]): boolean {
  let hasPixels = false;
  for (let at = start; at < end; ) {
    need(file, at + 8, 'a box');
    const type = file.toString('latin1', at + 4, at + 8);
    const size = file.readUInt32BE(at) || end - at; // 0: to the end
    if (size < 8) throw new DataLossError(`the box at byte ${at} claims ${size} bytes`);
    if (at + size > end)
      throw new DataLossError(`it is cut short: a box ends at byte ${at + size}, its place at ${end}`);
    const own = inside[type];
    if (own !== undefined) hasPixels = checkBoxes(file, at + 8 + own, at + size, claim) || hasPixels;
    if (type === 'ispe') {
      need(file, at + 20, 'the size of a picture');
      claim(file.readUInt32BE(at + 12), file.readUInt32BE(at + 16));
    }
    hasPixels ||= type === 'mdat' || type === 'idat';
    at += size;
  }
  return hasPixels;
}
