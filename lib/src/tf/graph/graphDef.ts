/** GraphDefs as this library takes and gives them: as bytes, or as the text of a `.pbtxt` file. */
import { GraphDef, isText } from '../../protos';
import { shown } from '../../runtime/arguments';
import { messageOf } from '../../runtime/errorContext';
import { InvalidArgumentError } from '../../runtime/errors';

/** @throws {InvalidArgumentError} when protocol buffers can't be so large */
export function checkGraphDefSize({ byteLength }: Uint8Array): void {
  if (byteLength >= 2 ** 31)
    throw new InvalidArgumentError(
      `a GraphDef has less than 2 GiB, and this one ${byteLength} bytes; feed large values to placeholders, or have variables hold them`,
    );
}

/**
 * A GraphDef from its bytes, or from its text or the bytes of that.
 *
 * @throws {InvalidArgumentError} when it is none; of a text with the line and the column
 */
export function decodeGraphDef(graphDef: Uint8Array | string): GraphDef {
  if (typeof graphDef === 'string') return GraphDef.fromText(graphDef);
  if (!(graphDef instanceof Uint8Array))
    throw new InvalidArgumentError(
      `a GraphDef is given as its bytes or its text, such as fs.readFileSync(file), not ${shown(graphDef)}`,
    );
  checkGraphDefSize(graphDef);
  if (isText(graphDef)) return GraphDef.fromText(Buffer.from(graphDef).toString());
  try {
    return GraphDef.decode(graphDef);
  } catch (error) {
    throw new InvalidArgumentError(`this is no GraphDef: ${messageOf(error)}`);
  }
}

/**
 * The bytes of a GraphDef.
 *
 * @throws {InvalidArgumentError} when they would be 2 GiB or more
 */
export function encodeGraphDef(def: GraphDef): Uint8Array {
  const bytes = GraphDef.encode(def);
  checkGraphDefSize(bytes);
  return bytes;
}
