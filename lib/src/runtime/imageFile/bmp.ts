/** Checks BMP files: a header with the position of the pixels, in rows padded to four bytes. There are no checksums. */
import { DataLossError } from '../errors';
import { type ImageCheck, need } from './check';

const FILE_HEADER = 14;
/** The size of the oldest kind of header, which uses 16-bit numbers. */
const CORE = 12;
/** Compression kinds with uncompressed pixels: none, or with colour masks. */
const PLAIN = [0, 3, 6];
/** Run-length encoded. */
const RUNS = [1, 2];

export const checkBmp: ImageCheck = (file, claim) => {
  need(file, FILE_HEADER + CORE, 'the header');
  const pixels = file.readUInt32LE(10);
  const headerSize = file.readUInt32LE(14);
  if (headerSize < CORE || headerSize > 4096) throw new DataLossError(`its header claims ${headerSize} bytes`);
  need(file, FILE_HEADER + headerSize, 'the header');
  const old = headerSize === CORE;
  const width = old ? file.readUInt16LE(18) : file.readInt32LE(18);
  const height = Math.abs(old ? file.readUInt16LE(20) : file.readInt32LE(22)); // negative: from the top down
  const bits = file.readUInt16LE(old ? 24 : 28);
  const packing = old ? 0 : file.readUInt32LE(30);
  claim(width, height);
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) throw new DataLossError(`it claims ${bits} bits a pixel`);
  if (pixels < FILE_HEADER + headerSize) throw new DataLossError(`it claims that its pixels begin at byte ${pixels}`);
  if (PLAIN.includes(packing)) need(file, pixels + height * 4 * Math.ceil((width * bits) / 32), 'the last row');
  else if (RUNS.includes(packing)) need(file, pixels + Math.max(2, file.readUInt32LE(34)), 'the last row');
  else throw new DataLossError(`its pixels are packed in a way (${packing}) that nobody uses`);
};
