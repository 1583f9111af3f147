/**
 * Loads SavedModels of this library, of Python's TensorFlow 1 and of TensorFlow 2.
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

/** Options of loading. */
export interface LoadOptions {
  /** The scope for everything. */
  importScope?: string;
  /**
   * Whether to ignore the requested devices of the operations.
   *
   * @defaultValue `false`
   */
  clearDevices?: boolean;
}

/**
 * Adds a graph of a SavedModel to the graph of a session, restores its variables, and runs the model's initializers
 * (which fill tables from its files, for example).
 *
 * @param tags all tags of the graph: `['serve']` for most models
 * @returns the model's description of the graph, including its signatures
 * @throws {NotFoundError} when the folder contains no SavedModel, or none with these tags, or a graph of it has
 * operations of a type that this TensorFlow doesn't have; the message names it
 * @throws {DataLossError} when it is damaged
 * @throws {InvalidArgumentError} when the graph already has operations of the same names
 *
 * If it throws, nothing has been added to the graph: the model is first loaded into a temporary graph, where its
 * initializers run too. Several models can be in one graph, each under its own scope: if their functions or resources
 * have the same names, those of the later one are renamed.
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

/** A graph of a SavedModel, and its folder. */
interface Model {
  readonly def: SavedGraph;
  readonly exportDir: string;
}

/**
 * Loads a model into a temporary graph, to find what is missing, damaged or unknown before anything is added to the
 * session's graph, from which it couldn't be removed.
 */
async function tryOut({ def, exportDir }: Model, session: Session, clearDevices: boolean | undefined): Promise<void> {
  const { isLocal, config } = session.environment;
  const trial = new Session({ graph: new Graph(), config: isLocal ? config : {} });
  try {
    // The tasks of a cluster are not devices of this process.
    const copy = isLocal ? def : { ...def, graphDef: GraphDef.decode(GraphDef.encode(def.graphDef)) };
    await put({ def: copy, exportDir }, trial, { clearDevices: clearDevices || !isLocal });
  } finally {
    await trial.close();
  }
}

/** Adds a graph to that of a session, restores its variables, and runs its initializers. */
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
    // A model without variables may have a saver anyway.
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

/** Adds to an error which SavedModel was being loaded. */
export async function loading<T>(exportDir: string, work: () => T): Promise<Awaited<T>> {
  try {
    return await work();
  } catch (error) {
    throw withContext(error, (message) => `${message}\n  loading the saved model ${exportDir}`);
  }
}

const hasVariables = ({ graphDef }: SavedGraph) => graphDef.node.some(({ op }) => VARIABLE_TYPES.has(op));

const operationOf = (element: Tensor | Operation): Operation => (element instanceof Tensor ? element.op : element);

/** The name of the initialization operation. */
function initOpOf({ signatureDef, collectionDef }: MetaGraphDef): string | undefined {
  const inSignature = signatureDef[KEYS.initOp]?.outputs[KEYS.initOp]?.name;
  if (inSignature !== undefined) return inSignature;
  const [inCollection] = [KEYS.mainOp, KEYS.legacyInitOp].flatMap((key) => collectionDef[key]?.nodeList?.value ?? []);
  return inCollection;
}
