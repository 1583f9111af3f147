/**
 * Loading saved models, of this library, of Python's TensorFlow 1 and of its TensorFlow 2.
 *
 * @see TensorFlow's python/saved_model/loader_impl.py
 */
import path from 'node:path';
import { GraphDef, type MetaGraphDef } from '../../protos';
import { checkInstance } from '../../runtime/arguments';
import { withContext } from '../../runtime/errorContext';
import { FailedPreconditionError } from '../../runtime/errors';
import { lookFor } from '../../runtime/files';
import { onlyOptions } from '../../runtime/options';
import { GraphKeys } from '../graph/collections';
import { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { Tensor } from '../graph/tensor';
import { VARIABLE_TYPES } from '../graphUtil/freezing';
import { Session } from '../session';
import { addMetaGraph, Saver } from '../train/saver';
import { FILES, KEYS } from './constants';
import { assetsOf, graphOfTags, readSavedModel, type SavedGraph } from './files';
import { keepResourcesApart } from './sharedNames';

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
 * Nothing has been added to the graph then: the model is tried out in a graph of its own first, what it wants done first included. Several
 * models may be in one graph, each under a scope of its own: where their functions or what they have in the session are called the same, those
 * of the later one get other names.
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
  const { importScope, clearDevices } = onlyOptions(options, { importScope: 'string', clearDevices: 'boolean' });
  checkInstance('what a model is loaded into', session, Session, 'session');
  const model = { def: graphOfTags(await readSavedModel(exportDir), tags, exportDir), exportDir };
  await tryOut(model, session, clearDevices);
  await put(model, session, { importScope, clearDevices });
  return model.def;
}

/** A graph of a saved model, and the folder that it is from. */
interface Model {
  readonly def: SavedGraph;
  readonly exportDir: string;
}

/**
 * Loads a model into a graph that is nobody's: what is missing, damaged or unknown is found before anything is added to the session's graph,
 * from which it couldn't be taken away.
 */
async function tryOut({ def, exportDir }: Model, session: Session, clearDevices: boolean | undefined): Promise<void> {
  const { isLocal, config } = session.environment;
  const trial = new Session({ graph: new Graph(), config: isLocal ? config : {} });
  try {
    // The tasks of a cluster are no devices of this process.
    const copy = isLocal ? def : { ...def, graphDef: GraphDef.decode(GraphDef.encode(def.graphDef)) };
    await put({ def: copy, exportDir }, trial, { clearDevices: clearDevices || !isLocal });
  } finally {
    await trial.close();
  }
}

/** Adds a graph to that of a session, restores its variables, and does what is to be done first. */
export async function put({ def, exportDir }: Model, session: Session, options: LoadOptions): Promise<void> {
  if (session.closed) throw new FailedPreconditionError('the session is closed; make a new one with new tf.Session()');
  const { graph } = session;
  const assets = assetsOf(def, exportDir);
  const before = new Set<unknown>(graph.getCollection(GraphKeys.GLOBAL_VARIABLES));
  await loading(exportDir, async () => {
    keepResourcesApart(graph, def.graphDef, (options.importScope ?? '').replace(/\/$/, ''));
    const { scope, saver } = graph.asDefault(() => addMetaGraph(def, { graph, ...options }));
    const own = graph.getCollection(GraphKeys.GLOBAL_VARIABLES).filter((variable) => !before.has(variable));
    const prefix = path.join(exportDir, FILES.variables, FILES.prefix);
    // A model without variables may have a saver all the same.
    if (lookFor(`${prefix}.index`) || (saver && hasVariables(def))) {
      const restorer = saver ?? (own.length > 0 ? graph.asDefault(() => new Saver(own)) : undefined);
      await restorer?.restore(session, prefix);
    }
    const scoped = (name: string) => (scope ? `${scope}/${name}` : name);
    const initOp = initOpOf(def);
    const feeds = [...assets].map(([name, file]) => [graph.getTensorByName(scoped(name)), file] as const);
    if (initOp !== undefined) await session.run(operationOf(graph.asGraphElement(scoped(initOp))), feeds);
  });
}

/** Has an error say which saved model was being loaded. */
export async function loading<T>(exportDir: string, work: () => T): Promise<Awaited<T>> {
  try {
    return await work();
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
