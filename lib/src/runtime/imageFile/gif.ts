/**
 * Checks GIF files: blocks of sub-blocks that state their length, each list terminated by an empty one, and a trailer
 * byte. There are no checksums.
 *
 * @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
import { DataLossError } from '../errors';
import { type ImageCheck, need } from './check';

const HEADER = 13;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;

/** The size of a colour table, from its flags. */
const tableSize = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

export const checkGif: ImageCheck = (file, claim) => {
  need(file, HEADER, 'the header');
  claim(file.readUInt16LE(6), file.readUInt16LE(8));
  let images = 0;
  for (let at = HEADER + tableSize(file[10]!); ; ) {
    need(file, at + 1, 'a block, or the byte of the end,');
    const kind = file[at];
    if (kind === TRAILER) break;
    if (kind === EXTENSION) at = afterPieces(file, at + 2);
    else if (kind === IMAGE) {
      need(file, at + 10, 'the head of a picture');
      claim(file.readUInt16LE(at + 5), file.readUInt16LE(at + 7));
      at = afterPieces(file, at + 10 + tableSize(file[at + 9]!) + 1);
      images++;
    } else throw new DataLossError(`expected a block at byte ${at}`);
  }
  if (images === 0) throw new DataLossError('it has no picture');
  return images;
};

function afterPieces(file: Buffer, start: number): number {
  for (let at = start; ; ) {
    need(file, at + 1, 'a block');
    const size = file[at]!;
    at += 1 + size;
    if (size === 0) return at;
  }
}
