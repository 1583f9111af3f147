/** Writes graphs to files. */

import * as path from 'node:path';
import { GraphDef } from '../../protos';
import { checkPath, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { makeFolder, replaceFileSync } from '../../runtime/files';
import { onlyOptions } from '../../runtime/options';
import { Graph } from '../graph/graph';
import { decodeGraphDef } from '../graph/graphDef';

/** Options of writing a graph. */
export interface WriteGraphOptions {
  /**
   * Whether to write the human-readable text format instead of bytes.
   *
   * @defaultValue `true`
   */
  asText?: boolean;
}

/**
 * Writes a graph to a file, for {@link Graph.importGraphDef} and Python programs.
 *
 * @param graphOrGraphDef a graph, or the bytes of a `GraphDef`
 * @param folder the folder; it is created if missing
 * @param name the file name, by convention with the extension `.pbtxt` for text and `.pb` for bytes
 * @returns the path of the file
 * @throws {InvalidArgumentError} when the bytes are not a GraphDef
 * @throws {TensorFlowError} when the file can't be written
 *
 * @example
 * import { readFileSync } from 'node:fs';
 *
 * tf.io.writeGraph(session.graph, 'models', 'net.pbtxt'); // 'models/net.pbtxt'
 * new tf.Graph().importGraphDef(readFileSync('models/net.pbtxt'));
 */
export function writeGraph(
  graphOrGraphDef: Graph | Uint8Array,
  folder: string,
  name: string,
  options: WriteGraphOptions = {},
): string {
  const { asText = true } = onlyOptions(options, { asText: 'boolean' });
  checkPath('the folder of a graph', folder);
  checkPath('the name of a file', name);
  const bytes = graphOrGraphDef instanceof Graph ? graphOrGraphDef.toGraphDef() : graphOrGraphDef;
  if (!(bytes instanceof Uint8Array))
    throw new InvalidArgumentError(`a graph is written, or the bytes of a GraphDef, not ${shown(graphOrGraphDef)}`);
  const def = decodeGraphDef(bytes);
  const file = path.join(folder, name);
  makeFolder(path.dirname(file));
  replaceFileSync(file, asText ? GraphDef.toText(def) : GraphDef.encode(def));
  return file;
}
