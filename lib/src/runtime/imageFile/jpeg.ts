/**
 * Checks JPEG files: segments that state their length, and scans of compressed pixels that extend to the next marker.
 * There are no checksums.
 *
 * @see ITU-T T.81, annex B
 */
import { DataLossError } from '../errors';
import { type ImageCheck, need } from './check';

const SCAN = 0xda;
const END = 0xd9;
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;
/** The markers of frame headers; three others in this range belong to tables. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

export const checkJpeg: ImageCheck = (file, claim) => {
  let scans = 0;
  for (let at = 2; ; ) {
    need(file, at + 2, 'a marker, or that of the end,');
    if (file[at] !== 0xff) throw new DataLossError(`expected a marker at byte ${at}`);
    const marker = file[at + 1]!;
    if (marker === 0xff) {
      at++; // a marker may be preceded by any number of these
      continue;
    }
    if (marker === END) break;
    need(file, at + 4, 'a segment');
    const end = at + 2 + file.readUInt16BE(at + 2);
    need(file, end, `the segment at byte ${at}`);
    if (isFrame(marker)) {
      need(file, at + 9, 'the header of the frame');
      claim(file.readUInt16BE(at + 7), file.readUInt16BE(at + 5));
    }
    at = end;
    if (marker === SCAN) {
      scans++;
      at = endOfScan(file, end);
    }
  }
  if (scans === 0) throw new DataLossError('it has no pixels');
};

/**
 * The position of the marker after a scan. Inside the scan, bytes 0xff are followed by zeros, and restart markers cycle
 * from 0 to 7.
 */
function endOfScan(file: Buffer, start: number): number {
  let restarts = 0;
  for (let at = start; ; ) {
    at = file.indexOf(0xff, at);
    if (at < 0 || at + 1 >= file.length) throw new DataLossError('it is cut short among its pixels');
    const marker = file[at + 1]!;
    if (isRestart(marker)) {
      if ((marker & 7) !== restarts++ % 8) throw new DataLossError(`a part of its pixels is missing before byte ${at}`);
    } else if (marker !== 0 && marker !== 0xff) return at;
    at += marker === 0xff ? 1 : 2;
  }
}
