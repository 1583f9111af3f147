/**
 * Loading saved models, of this library, of Python's TensorFlow 1 and of its TensorFlow 2.
 *
 * @see TensorFlow's python/saved_model/loader_impl.py
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { MetaGraphDef } from '../../protos';
import { checkInstance } from '../../runtime/arguments';
import { withContext } from '../../runtime/errorContext';
import { onlyOptions } from '../../runtime/options';
import type { Operation } from '../graph/operation';
import { Tensor } from '../graph/tensor';
import { VARIABLE_TYPES } from '../graphUtil/freezing';
import { Session } from '../session';
import { addMetaGraph } from '../train/saver';
import { FILES, KEYS } from './constants';
import { assetsOf, graphOfTags, readSavedModel, type SavedGraph } from './files';

/** How to load. */
export interface LoadOptions {
  /** The scope to put everything under. */
  importScope?: string;
  /**
   * Whether to forget which devices the operations were asked to run on.
   *
   * @defaultValue `false`
   */
  clearDevices?: boolean;
}

/**
 * Adds a graph of a saved model to the graph of a session, gives its variables their values, and does what the model wants done first
 * (tables are filled from its files).
 *
 * @param tags those of the graph, all of them: `['serve']` of most models
 * @returns what the model says of the graph, its signatures among it
 * @throws {NotFoundError} when the folder has no saved model in it, or none with these tags, or a graph of it has operations of a type that
 *   this TensorFlow doesn't have, which is named
 * @throws {DataLossError} when it is damaged
 * @throws {InvalidArgumentError} when the graph has operations of the same names already
 *
 * @example
 * const session = new tf.Session({ graph: new tf.Graph() });
 * const { signatureDef } = await tf.savedModel.load(session, ['serve'], 'models/digits');
 * const { inputs, outputs } = signatureDef.serving_default!;
 * await session.run(outputs.logits!.name!, [[inputs.images!.name!, [new Float32Array(784)]]]);
 */
export async function load(
  session: Session,
  tags: Iterable<string>,
  exportDir: string,
  options: LoadOptions = {},
): Promise<MetaGraphDef> {
  const { importScope, clearDevices } = onlyOptions(options, ['importScope', 'clearDevices']);
  checkInstance('what a model is loaded into', session, Session, 'session');
  const def = graphOfTags(await readSavedModel(exportDir), tags, exportDir);
  const assets = assetsOf(def, exportDir);
  const { graph } = session;
  try {
    const prefix = path.join(exportDir, FILES.variables, FILES.prefix);
    const saver = graph.asDefault(() => addMetaGraph(def, { graph, importScope, clearDevices }));
    const scoped = (name: string) => (importScope ? `${importScope}/${name}` : name);
    // A model without variables may have a saver all the same.
    if (saver && (existsSync(`${prefix}.index`) || hasVariables(def))) await saver.restore(session, prefix);
    const initOp = initOpOf(def);
    const feeds = [...assets].map(([name, file]) => [graph.getTensorByName(scoped(name)), file] as const);
    if (initOp !== undefined) await session.run(operationOf(graph.asGraphElement(scoped(initOp))), feeds);
    return def;
  } catch (error) {
    throw withContext(error, (message) => `${message}\n  loading the saved model ${exportDir}`);
  }
}

const hasVariables = ({ graphDef }: SavedGraph) => graphDef.node.some(({ op }) => VARIABLE_TYPES.has(op));

const operationOf = (element: Tensor | Operation): Operation => (element instanceof Tensor ? element.op : element);

/** The name of what is to be done before the first answer. */
function initOpOf({ signatureDef, collectionDef }: MetaGraphDef): string | undefined {
  const inSignature = signatureDef[KEYS.initOp]?.outputs[KEYS.initOp]?.name;
  if (inSignature !== undefined) return inSignature;
  const [inCollection] = [KEYS.mainOp, KEYS.legacyInitOp].flatMap((key) => collectionDef[key]?.nodeList?.value ?? []);
  return inCollection;
}
