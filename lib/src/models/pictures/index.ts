/** Prepares people's pictures of digits as MNIST's were prepared. */
import { decodePicture } from './decode';
import { type Digit, prepareDigit } from './digit';

export type { Digit } from './digit';
export { drawn } from './drawn';

/**
 * Reads the digit in the bytes of a picture file.
 *
 * @param name the name of the picture, for errors
 * @throws {DataLossError} when the bytes are damaged, or not a picture
 * @throws {InvalidArgumentError} when there is no ink in the picture, or none that can be distinguished from lines, or
 * its format or size isn't supported
 */
export async function readDigit(bytes: Buffer, name: string): Promise<Digit> {
  const { colours, notes } = await decodePicture(bytes, name);
  const digit = prepareDigit(colours, name);
  return { ...digit, steps: [...notes, ...digit.steps] };
}
