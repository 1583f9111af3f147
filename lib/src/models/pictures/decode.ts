/** Decodes the bytes of a picture file into colours. */
import { decodeImage } from '../../runtime/imageFile/decode';
import { type Colours, Reducer } from './colours';

/** A picture, and remarks about how it was read. */
export interface Decoded {
  readonly colours: Colours;
  readonly notes: readonly string[];
}

/**
 * Decodes the picture in the bytes of a file; the first of several.
 *
 * @param name the name of the bytes, for errors
 * @throws {TensorFlowError} when {@link decodeImage} throws it
 */
export async function decodePicture(bytes: Buffer, name: string): Promise<Decoded> {
  const { width, height, pictures, rows } = await decodeImage(bytes, name);
  const reducer = new Reducer(width, height);
  for (const some of rows) reducer.add(some);
  return { colours: reducer.colours, notes: pictures > 1 ? [`the first of ${pictures} pictures`] : [] };
}
