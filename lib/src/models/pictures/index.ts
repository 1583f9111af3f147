/** Prepares people's pictures of digits as MNIST's were prepared. */
import { decodePicture } from './decode';
import { type Digit, prepareDigit } from './digit';

export type { Digit } from './digit';
export { drawn } from './drawn';

/**
 * The digit in the bytes of a picture's file.
 *
 * @param name what the picture is called in errors
 * @throws {DataLossError} when the bytes are damaged, or no picture
 * @throws {InvalidArgumentError} when there is no ink in the picture, or none that can be told from lines, or it is of a kind or a size that isn't read
 */
export async function readDigit(bytes: Buffer, name: string): Promise<Digit> {
  const { colours, notes } = await decodePicture(bytes, name);
  const digit = prepareDigit(colours, name);
  return { ...digit, steps: [...notes, ...digit.steps] };
}
