/** From the bytes of a picture's file to its colours. */
import { decodeImage } from '../../runtime/imageFile/decode';
import { type Colours, Reducer } from './colours';

/** A picture, and what there is to say about how it was read. */
export interface Decoded {
  readonly colours: Colours;
  readonly notes: readonly string[];
}

/**
 * The picture in the bytes of a file; of several, the first.
 *
 * @param name what the bytes are called in errors
 * @throws {TensorFlowError} when {@link decodeImage} does
 */
export async function decodePicture(bytes: Buffer, name: string): Promise<Decoded> {
  const { width, height, pictures, rows } = await decodeImage(bytes, name);
  const reducer = new Reducer(width, height);
  for (const some of rows) reducer.add(some);
  return { colours: reducer.colours, notes: pictures > 1 ? [`the first of ${pictures} pictures`] : [] };
}
