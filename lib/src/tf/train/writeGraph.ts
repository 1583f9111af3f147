/** Graphs as files. */

import * as path from 'node:path';
import { GraphDef } from '../../protos';
import { checkPath, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { makeFolder, replaceFileSync } from '../../runtime/files';
import { onlyOptions } from '../../runtime/options';
import { Graph } from '../graph/graph';
import { decodeGraphDef } from '../graph/graphDef';

/** How to write a graph. */
export interface WriteGraphOptions {
  /**
   * Whether to write its text, which people read, and not its bytes.
   *
   * @defaultValue `true`
   */
  asText?: boolean;
}

/**
 * Writes a graph to a file, as Python's programs read it, and {@link Graph.importGraphDef} does.
 *
 * @param graphOrGraphDef a graph, or the bytes of a `GraphDef`
 * @param folder where to write it; a missing one is made
 * @param name of the file: by custom `.pbtxt` at the end for a text, `.pb` for bytes
 * @returns the path of the file
 * @throws {InvalidArgumentError} when the bytes are no GraphDef
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
