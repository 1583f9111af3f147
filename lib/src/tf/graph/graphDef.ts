/** Encodes and decodes GraphDefs, as bytes or as the text of a `.pbtxt` file. */
import { GraphDef, isText } from '../../protos';
import { shown } from '../../runtime/arguments';
import { messageOf } from '../../runtime/errorContext';
import { InvalidArgumentError } from '../../runtime/errors';

/** @throws {InvalidArgumentError} when it exceeds the maximum size of protocol buffers */
export function checkGraphDefSize({ byteLength }: Uint8Array): void {
  if (byteLength >= 2 ** 31)
    throw new InvalidArgumentError(
      `a GraphDef has less than 2 GiB, and this one ${byteLength} bytes; feed large values to placeholders, or have variables hold them`,
    );
}

/**
 * Decodes a GraphDef from its bytes, or from its text, which may be given as bytes too.
 *
 * @throws {InvalidArgumentError} when it is not a GraphDef; for text, with line and column
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
 * Encodes a GraphDef.
 *
 * @throws {InvalidArgumentError} when it would have 2 GiB or more
 */
export function encodeGraphDef(def: GraphDef): Uint8Array {
  const bytes = GraphDef.encode(def);
  checkGraphDefSize(bytes);
  return bytes;
}
