/** Helpers shared by the checks of all formats. */
import { DataLossError } from '../errors';

/**
 * A check of one format. It calls `claim` with the size of the picture as soon as it is known, so that nothing is
 * unpacked for one that is too large, and throws a DataLossError if the file is damaged. It returns the number of
 * pictures for formats that can contain several.
 */
export type ImageCheck = (
  file: Buffer,
  claim: (width: number, height: number) => void,
) => number | undefined | Promise<number | undefined>;

/**
 * Checks that a file has the bytes before `end`.
 *
 * @throws {DataLossError} when it is shorter
 */
export function need(file: Buffer, end: number, what: string): void {
  if (end > file.length)
    throw new DataLossError(`it is cut short: ${what} ends at byte ${end}, the file at ${file.length}`);
}
