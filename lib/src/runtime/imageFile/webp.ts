/**
 * Checks WebP files: chunks that state their length, inside one that states the total length. There are no checksums.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9649
 */
import { DataLossError } from '../errors';
import { type ImageCheck, need } from './check';

export const checkWebp: ImageCheck = (file, claim) => {
  const end = 8 + file.readUInt32LE(4);
  need(file, end, 'its contents');
  let [pictures, frames] = [0, 0];
  for (let at = 12; at + 8 <= end; ) {
    const type = file.toString('latin1', at, at + 4);
    const data = file.subarray(at + 8, Math.min(at + 8 + file.readUInt32LE(at + 4), end));
    if (data.length < file.readUInt32LE(at + 4))
      throw new DataLossError(`the chunk at byte ${at} is longer than the file`);
    const size = sizeIn[type]?.(data);
    if (size) claim(...size);
    if (type !== 'VP8X' && sizeIn[type]) pictures++;
    if (type === 'ANMF') frames++;
    at += 8 + data.length + (data.length % 2);
  }
  if (pictures === 0) throw new DataLossError('it has no pixels');
  return frames;
};

/** The size of the picture, from the types of chunks that contain it. */
const sizeIn: Record<string, (data: Buffer) => [width: number, height: number]> = {
  'VP8 '(data) {
    if (data.length < 10 || data.readUIntBE(3, 3) !== 0x9d012a) throw new DataLossError('its pixels have no header');
    return [data.readUInt16LE(6) & 0x3fff, data.readUInt16LE(8) & 0x3fff];
  },
  VP8L(data) {
    if (data.length < 5 || data[0] !== 0x2f) throw new DataLossError('its pixels have no header');
    const bits = data.readUInt32LE(1);
    return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
  },
  VP8X(data) {
    if (data.length < 10) throw new DataLossError('its header is cut short');
    return [1 + data.readUIntLE(4, 3), 1 + data.readUIntLE(7, 3)];
  },
  ANMF(data) {
    if (data.length < 16) throw new DataLossError('the head of a frame is cut short');
    return [1 + data.readUIntLE(6, 3), 1 + data.readUIntLE(9, 3)];
  },
};
