/**
 * Saves the variables of a graph to checkpoints and restores them, with the same operations and files as Python's
 * `tf.train.Saver`.
 *
 * @see TensorFlow's python/training/saver.py
 */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { CheckpointFormatVersion, type GraphDef, isText, type MessageInit, MetaGraphDef, SaverDef } from '../../protos';
import { checkArray, checkInstance, checkPath, shown } from '../../runtime/arguments';
import { messageOf, withContext } from '../../runtime/errorContext';
import { DataLossError, InvalidArgumentError, TensorFlowError, UnimplementedError } from '../../runtime/errors';
import { fileError } from '../../runtime/files';
import { lockBriefly } from '../../runtime/folderLock';
import { onlyOptions, placed } from '../../runtime/options';
import { GraphKeys } from '../graph/collections';
import { foreign } from '../graph/foreign';
import { Graph, getDefaultGraph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { Tensor } from '../graph/tensor';
import { PartitionedVariable } from '../ops/partitionedVariable';
import { type Feeds, Session } from '../session';
import {
  clearLeftovers,
  getCheckpointMtimes,
  isSamePrefix,
  metaGraphPath,
  PendingCheckpoint,
  removeCheckpoint,
  settlingLock,
  versionOf,
} from './checkpointFiles';
import { getCheckpointState, updateCheckpointState } from './checkpointState';
import { literalPrefix } from './literalPrefix';
import {
  type ExportMetaGraphOptions,
  exportMetaGraph,
  type ImportMetaGraphOptions,
  importOperationsAndCollections,
} from './metaGraph';
import { type KeptCheckpoint, Retention, secondsNow } from './retention';
import { buildSaver, checkRestorable, inScope, namedVariables, type VariableList } from './saverOps';

declare module '../graph/collectionTypes' {
  interface CollectionTypes {
    savers: Saver;
  }
}

/** Options of a saver. */
export interface SaverOptions {
  /**
   * The number of checkpoints to keep; 0 for all.
   *
   * @defaultValue `5`
   */
  maxToKeep?: number;
  /**
   * In addition, one checkpoint per this many hours is kept permanently.
   *
   * @defaultValue `10_000`
   */
  keepCheckpointEveryNHours?: number;
  /**
   * The scope of the saver's operations.
   *
   * @defaultValue `save`
   */
  name?: string;
  /**
   * Whether a variable may be restored from a tensor of another shape with the same number of elements.
   *
   * @defaultValue `false`
   */
  reshape?: boolean;
  /**
   * Whether each device saves its variables to a file of its own. In a cluster, every parameter server then writes its
   * own variables instead of sending them to the worker that saves. All write to the same folder, which must be shared
   * by all machines.
   *
   * @defaultValue `false`
   */
  sharded?: boolean;
  /**
   * Whether to pad the step in a checkpoint's name to eight digits: `model.ckpt-00001000`.
   *
   * @defaultValue `false`
   */
  padStepNumber?: boolean;
  /**
   * Whether the state file contains paths relative to its folder, so that the folder can be moved.
   *
   * @defaultValue `true`
   */
  saveRelativePaths?: boolean;
  /** Names of a saver's operations that the graph already has, instead of new ones; `name` is then their scope. */
  saverDef?: MessageInit<SaverDef>;
  /**
   * The graph of `saverDef`.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
}

/** Options of saving. */
export interface SaveOptions {
  /** The step, which becomes part of the checkpoint's name; a tensor, or the name of one, is evaluated. */
  globalStep?: number | bigint | Tensor | string;
  /**
   * The name of the state file.
   *
   * @defaultValue `checkpoint`
   */
  latestFilename?: string;
  /**
   * Whether to write the graph next to the checkpoint, as `.meta`.
   *
   * @defaultValue `true`
   */
  writeMetaGraph?: boolean;
  /**
   * Whether to add the checkpoint to the state file, and to remove old checkpoints.
   *
   * @defaultValue `true`
   */
  writeState?: boolean;
}

/** The step by position, as in Python, or among the options. */
type SaveArguments =
  | [globalStep: NonNullable<SaveOptions['globalStep']>, options?: Omit<SaveOptions, 'globalStep'>]
  | [options?: SaveOptions];

/** Whether an object is options, and not variables by name. */
function isOptions(value: VariableList | SaverOptions | null | undefined): value is SaverOptions {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map) return false;
  const values = Object.values(value);
  const isVariable = (item: unknown) => item instanceof Tensor || item instanceof PartitionedVariable;
  return values.length > 0 && !isVariable(value) && !values.flat().some(isVariable);
}

/** A checkpoint that is being saved. */
interface Saving extends KeptCheckpoint {
  /** The common beginning of the checkpoints' names, before the step. */
  readonly base: string;
  readonly pending: PendingCheckpoint;
  /** Whether a checkpoint of the same name, begun later, has already been moved to its place. */
  isSuperseded: boolean;
  /** Whether the state file contains the pending checkpoint. */
  isNamed: boolean;
}

/**
 * The saves in progress of all savers in this program. Of two checkpoints with the same name, the one begun last wins.
 */
class SavesAtWork {
  readonly #savings = new Set<Saving>();
  #begun = 0;

  /** Allocates a number for a new save. */
  nextOrder(): number {
    return ++this.#begun;
  }

  add(saving: Saving): void {
    this.#savings.add(saving);
  }

  delete(saving: Saving): void {
    this.#savings.delete(saving);
  }

  /** Marks saves of the same name that began earlier as superseded. */
  supersede({ order, prefix }: Saving): void {
    for (const other of this.#savings)
      if (other.order < order && isSamePrefix(other.prefix, prefix)) other.isSuperseded = true;
  }
}

const atWork = new SavesAtWork();

/**
 * Saves variables to checkpoints and restores them.
 *
 * Whenever a program is killed, the state file refers to a complete checkpoint: a new one is written and flushed to
 * disk, then added to the state file, and only then are old ones removed. Savers may work concurrently, in one program
 * or several, even with the same names: of two checkpoints with the same name, the one begun last wins.
 *
 * In a cluster, the task on which the saver's operations are placed (usually the worker's), or with `sharded` every
 * parameter server, reads and writes files in the folder at the same path on its machine. This process then renames and
 * removes them, so the folder must be shared by all machines. On a single machine, it always is.
 *
 * @example
 * const saver = new tf.train.Saver();
 * await saver.save(session, 'summaries/run4/model.ckpt', { globalStep: 1000 }); // 'summaries/run4/model.ckpt-1000'
 *
 * const newest = tf.train.latestCheckpoint('summaries/run4');
 * if (newest) await saver.restore(session, newest);
 */
export class Saver {
  /** The graph of the variables. */
  readonly graph: Graph;
  /** The names of the saver's operations. */
  readonly saverDef: SaverDef;
  readonly #padStepNumber: boolean;
  readonly #saveRelativePaths: boolean;
  readonly #retention: Retention;
  /** One save at a time: two of the same name would mix their files. */
  #saving: Promise<unknown> = Promise.resolve();

  /**
   * Adds operations that save and restore to the graph of the variables.
   *
   * @param variables by default, all global variables of the default graph; may be left out before options
   * @throws {InvalidArgumentError} when there are none, one is not a variable, or two share a name or are the same
   *
   * @example
   * new tf.train.Saver({ maxToKeep: 50 });
   * new tf.train.Saver([weights, biases], { maxToKeep: 50 });
   */
  constructor(variables?: VariableList | null, options?: SaverOptions);
  constructor(options: SaverOptions);
  constructor(first?: VariableList | SaverOptions | null, second: SaverOptions = {}) {
    const [variables, options] = isOptions(first) ? [undefined, first] : [first, second];
    onlyOptions(options, {
      maxToKeep: 'number',
      keepCheckpointEveryNHours: 'number',
      name: 'string',
      reshape: 'boolean',
      sharded: 'boolean',
      padStepNumber: 'boolean',
      saveRelativePaths: 'boolean',
      saverDef: 'any',
      graph: Graph,
    });
    const { maxToKeep = 5, keepCheckpointEveryNHours = 10_000, sharded = false } = options;
    if (!Number.isInteger(maxToKeep) || maxToKeep < 0)
      throw new InvalidArgumentError(`maxToKeep is a number of checkpoints, or 0 for all, not ${shown(maxToKeep)}`);
    if (!(keepCheckpointEveryNHours > 0))
      throw new InvalidArgumentError(
        `keepCheckpointEveryNHours is a time above 0, not ${shown(keepCheckpointEveryNHours)}`,
      );
    const version = CheckpointFormatVersion.V2;
    if (options.saverDef) {
      this.graph = options.graph ?? getDefaultGraph();
      const def = SaverDef.encode({ maxToKeep, keepCheckpointEveryNHours, version, ...options.saverDef });
      this.saverDef = inScope(SaverDef.decode(def), options.name);
    } else {
      const named = namedVariables(variables ?? getDefaultGraph().getCollection(GraphKeys.GLOBAL_VARIABLES));
      this.graph = named[0]!.variable.graph;
      const names = this.graph.asDefault(() => buildSaver(this.graph, named, options));
      this.saverDef = { ...names, maxToKeep, keepCheckpointEveryNHours, sharded, version };
    }
    void [this.#filename, this.#saveTensor, this.#restoreOp]; // they are in the graph
    this.#padStepNumber = options.padStepNumber ?? false;
    this.#saveRelativePaths = options.saveRelativePaths ?? true;
    this.#retention = new Retention(this.saverDef);
  }

  /**
   * Creates the saver that a MetaGraphDef describes, from operations that the graph already has.
   *
   * @param importScope the scope of the operations
   * @throws {NotFoundError} when the graph doesn't have them
   */
  static fromProto(saverDef: MessageInit<SaverDef>, importScope?: string, graph?: Graph): Saver {
    return new Saver(null, { saverDef, name: importScope, graph });
  }

  /** The description of this saver for a MetaGraphDef. */
  toProto(): SaverDef {
    return { ...this.saverDef };
  }

  /**
   * Saves the current values of the variables in a session.
   *
   * @param prefix the beginning of the file names, followed by `-` and the step. A missing folder is created
   * @param given the step, followed by other options; it may be among these
   * @returns the prefix with the step, for `restore`
   * @throws {FailedPreconditionError} when a variable has no value
   * @throws {InvalidArgumentError} when the session runs another graph, or the step is not an integer
   * @throws {TensorFlowError} when the checkpoint can't be written (full disk, missing permission). Existing
   * checkpoints are unchanged, and nothing is left of the new one
   *
   * @example
   * await saver.save(session, 'summaries/run4/model.ckpt', { globalStep: step });
   */
  save(session: Session, prefix: string, ...given: SaveArguments): Promise<string> {
    const options = placed<SaveOptions>(given, ['globalStep']);
    onlyOptions(options, {
      globalStep: 'any',
      latestFilename: 'string',
      writeMetaGraph: 'boolean',
      writeState: 'boolean',
    });
    const saving = this.#saving.then(async () => {
      const { globalStep } = options;
      if (isElement(globalStep)) this.#checkGraph(session);
      const step = isElement(globalStep) ? await session.run(globalStep) : globalStep;
      const begun = this.#begin(session, prefix, step, options);
      try {
        await session.run(this.#saveTensor, this.#feeds(begun.pending.prefix));
        await begun.pending.flush();
        this.#settle(begun, options);
      } catch (error) {
        throw during('saving to', begun.prefix, error);
      } finally {
        this.#end(begun);
      }
      return begun.prefix;
    });
    this.#saving = saving.catch(() => {}); // the caller gets the error; the next save continues
    return saving;
  }

  /** A synchronous {@link Saver.save}. */
  saveSync(session: Session, prefix: string, ...given: SaveArguments): string {
    const options = placed<SaveOptions>(given, ['globalStep']);
    onlyOptions(options, {
      globalStep: 'any',
      latestFilename: 'string',
      writeMetaGraph: 'boolean',
      writeState: 'boolean',
    });
    const { globalStep } = options;
    if (isElement(globalStep)) this.#checkGraph(session);
    const step = isElement(globalStep) ? session.runSync(globalStep) : globalStep;
    const begun = this.#begin(session, prefix, step, options);
    try {
      session.runSync(this.#saveTensor, this.#feeds(begun.pending.prefix));
      begun.pending.flushSync();
      this.#settle(begun, options);
    } catch (error) {
      throw during('saving to', begun.prefix, error);
    } finally {
      this.#end(begun);
    }
    return begun.prefix;
  }

  /**
   * Restores the variables from a checkpoint. They don't need to be initialized.
   *
   * @param prefix as returned by `save` or `latestCheckpoint`
   * @throws {NotFoundError} when there is no such checkpoint, or it lacks a variable
   * @throws {InvalidArgumentError} when a variable has another shape or dtype there, or the session runs another graph
   * @throws {DataLossError} when the checkpoint is damaged
   *
   * In these cases, no variable has changed (unless a saver with `reshape` encounters a tensor of another size).
   */
  async restore(session: Session, prefix: string): Promise<void> {
    this.#checkGraph(session);
    for (let tries = 1; ; tries++) {
      checkRestorable(this.#restoreOp, prefix);
      const version = versionOf(prefix);
      const literal = literalPrefix(prefix);
      try {
        return void (await session.run(this.#restoreOp, this.#feeds(literal.prefix)));
      } catch (error) {
        if (!mayHaveChanged(prefix, version, tries)) throw during('restoring from', prefix, literal.explain(error));
      } finally {
        literal.free();
      }
    }
  }

  /** A synchronous {@link Saver.restore}. */
  restoreSync(session: Session, prefix: string): void {
    this.#checkGraph(session);
    for (let tries = 1; ; tries++) {
      checkRestorable(this.#restoreOp, prefix);
      const version = versionOf(prefix);
      const literal = literalPrefix(prefix);
      try {
        return void session.runSync(this.#restoreOp, this.#feeds(literal.prefix));
      } catch (error) {
        if (!mayHaveChanged(prefix, version, tries)) throw during('restoring from', prefix, literal.explain(error));
      } finally {
        literal.free();
      }
    }
  }

  /** The prefixes of the checkpoints that this saver wrote and hasn't removed, oldest first. */
  get lastCheckpoints(): string[] {
    return this.#retention.prefixes;
  }

  /**
   * Sets the list of existing checkpoints, oldest first, of which this saver removes surplus ones. It doesn't remove
   * those in another folder than the checkpoint being saved: whatever a state file says, they belong to somebody else.
   */
  setLastCheckpoints(prefixes: readonly string[]): void {
    checkArray('the prefixes of checkpoints', prefixes);
    this.#retention.tell(prefixes);
  }

  /**
   * Like {@link Saver.setLastCheckpoints}, but only with the checkpoints that exist. A program that resumes after a
   * crash uses this to tell the saver what was saved before.
   *
   * @example
   * const state = tf.train.getCheckpointState('summaries/run1');
   * if (state) saver.recoverLastCheckpoints(state.allModelCheckpointPaths);
   */
  recoverLastCheckpoints(prefixes: readonly string[]): void {
    checkArray('the prefixes of checkpoints', prefixes);
    this.setLastCheckpoints(prefixes.filter((prefix) => getCheckpointMtimes([prefix]).length > 0));
  }

  /**
   * The graph as a MetaGraphDef that describes this saver; see {@link exportMetaGraph}.
   *
   * @throws {TensorFlowError} when the file can't be written
   */
  exportMetaGraph(options: Omit<ExportMetaGraphOptions, 'graph' | 'saverDef'> = {}): Uint8Array {
    onlyOptions(options, { filename: 'path', collectionList: 'array', clearDevices: 'boolean', asText: 'boolean' });
    return exportMetaGraph({ ...options, graph: this.graph, saverDef: this.saverDef });
  }

  get #filename(): Tensor {
    return this.graph.getTensorByName(this.saverDef.filenameTensorName);
  }

  get #saveTensor(): Tensor {
    return this.graph.getTensorByName(this.saverDef.saveTensorName);
  }

  get #restoreOp(): Operation {
    return this.graph.getOperationByName(this.saverDef.restoreOpName);
  }

  /** The absolute path, because other processes with other working directories may read and write the files. */
  #feeds(prefix: string): Feeds {
    return [[this.#filename, path.resolve(prefix)]];
  }

  #checkGraph(session: Session): void {
    checkInstance('what a saver saves and restores', session, Session);
    if (session.graph !== this.graph)
      throw new InvalidArgumentError(
        foreign("the saver's variables belong to another graph than the session runs", this.graph, session.graph),
      );
  }

  #begin(session: Session, prefix: string, step: unknown, { latestFilename }: SaveOptions): Saving {
    this.#checkGraph(session);
    if (this.saverDef.version !== CheckpointFormatVersion.V2)
      throw new UnimplementedError(
        "this saver's operations write TensorFlow's first format; make a new Saver(variables)",
      );
    checkPath("a checkpoint's prefix", prefix);
    if (/(^|[\\/])$/.test(prefix))
      throw new InvalidArgumentError(
        `a checkpoint's prefix ends in a name, such as 'folder/model.ckpt', not '${prefix}'`,
      );
    const target = step === undefined ? prefix : `${prefix}-${this.#suffix(step)}`;
    if (latestFilename !== undefined && path.basename(latestFilename) !== latestFilename)
      throw new InvalidArgumentError(
        `latestFilename is a name within the checkpoint's folder, not '${latestFilename}'`,
      );
    if (path.basename(target) === (latestFilename ?? 'checkpoint'))
      throw new InvalidArgumentError(`'${target}' can't be a checkpoint's name: it is that of the state file`);
    const order = atWork.nextOrder();
    try {
      const pending = new PendingCheckpoint(target);
      const saving = {
        prefix: target,
        base: prefix,
        time: secondsNow(),
        order,
        pending,
        isSuperseded: false,
        isNamed: false,
      };
      atWork.add(saving);
      return saving;
    } catch (error) {
      throw during('saving to', target, error);
    }
  }

  #suffix(step: unknown): string {
    if (typeof step !== 'bigint' && !Number.isSafeInteger(step))
      throw new InvalidArgumentError(`globalStep is a whole number, got ${shown(step)}`);
    return this.#padStepNumber ? String(step).padStart(8, '0') : String(step);
  }

  /**
   * After the checkpoint is on disk: moves it to its place, adds it to the state file, and removes surplus checkpoints.
   */
  #settle(saving: Saving, options: SaveOptions): void {
    const { writeMetaGraph = true, writeState = true } = options;
    const { pending, prefix } = saving;
    if (writeMetaGraph) this.exportMetaGraph({ filename: metaGraphPath(pending.prefix) });
    pending.flushNames();
    const unlock = lockBriefly(settlingLock(prefix));
    try {
      if (saving.isSuperseded) return;
      const listed = writeState ? listedIn(path.dirname(prefix), options.latestFilename) : [];
      this.#put(saving, options);
      atWork.supersede(saving);
      if (writeState) this.#removeSurplus(saving, options);
      pending.clear();
      if (writeState) attempt(() => clearLeftovers(saving.base, [...listed, ...this.lastCheckpoints, prefix]));
    } finally {
      unlock();
    }
  }

  /** Moves a checkpoint to its place, and adds it to the state file. */
  #put(saving: Saving, options: SaveOptions): void {
    const { writeState = true } = options;
    const { pending, prefix } = saving;
    if (pending.replaces) {
      if (writeState) this.#writeState({ ...saving, prefix: pending.prefix }, prefix, options);
      saving.isNamed = writeState;
      pending.replace();
      if (writeState) this.#writeState(saving, prefix, options);
      saving.isNamed = false;
      return;
    }
    pending.settle();
    try {
      if (writeState) this.#writeState(saving, prefix, options);
    } catch (error) {
      removeCheckpoint(prefix);
      throw error;
    }
  }

  /** Removes surplus checkpoints, and then updates the state file. */
  #removeSurplus(saving: Saving, options: SaveOptions): void {
    const { isFull, removable } = this.#retention.add(saving);
    for (const prefix of removable) attempt(() => removeCheckpoint(prefix));
    if (isFull) attempt(() => this.#writeState(saving, saving.prefix, options));
  }

  /** Cleans up, whatever the result was. */
  #end(saving: Saving): void {
    atWork.delete(saving);
    if (!saving.isNamed) attempt(() => saving.pending.clear());
  }

  /**
   * Writes the state file with a checkpoint, which will be named `target`, and the existing ones, including those about
   * to be removed.
   */
  #writeState(saved: KeptCheckpoint, target: string, { latestFilename }: SaveOptions): void {
    const all = this.#retention.listWith(saved, target);
    updateCheckpointState(path.dirname(target), all.at(-1) ?? saved.prefix, {
      allModelCheckpointPaths: all,
      latestFilename,
      saveRelativePaths: this.#saveRelativePaths,
    });
  }
}

/**
 * Adds the graph of a MetaGraphDef to a graph, adds its collections to the graph's, and returns the saver that it
 * describes.
 *
 * As in Python, a resource variable keeps its shared name: if it is imported twice, under two scopes, the two variables
 * have the same value in a session.
 *
 * @param metaGraph the bytes of a `MetaGraphDef` or its text format (`.pbtxt`), or the path of a file that contains
 * either, such as a checkpoint's `.meta`
 * @returns the saver; if the MetaGraphDef describes none, a new one for the variables; null if there are no variables
 * @throws {NotFoundError} when there is no such file
 * @throws {DataLossError} when it doesn't contain a MetaGraphDef
 * @throws {InvalidArgumentError} when its operations can't be added, for example because the graph already has their
 * names
 *
 * @example
 * const graph = new tf.Graph();
 * const saver = graph.asDefault(() => tf.train.importMetaGraph('summaries/run1/model.ckpt-1000.meta'));
 * await saver?.restore(new tf.Session({ graph }), 'summaries/run1/model.ckpt-1000');
 * const [variable] = graph.getCollection('trainable_variables');
 */
export function importMetaGraph(metaGraph: Uint8Array | string, options: ImportMetaGraphOptions = {}): Saver | null {
  onlyOptions(options, { graph: Graph, importScope: 'string', clearDevices: 'boolean', inputMap: 'object' });
  const { graph = getDefaultGraph() } = options;
  const { scope, saver } = addMetaGraph(readMetaGraph(metaGraph), { ...options, graph });
  if (saver) return saver;
  const variables = graph.getCollection(GraphKeys.GLOBAL_VARIABLES, scope && `${scope}/`);
  return variables.length > 0 ? new Saver(variables) : null;
}

/** A MetaGraphDef that has a graph. */
type WithGraph = MetaGraphDef & { graphDef: GraphDef };

/**
 * Like {@link importMetaGraph}, for a decoded message, which it may modify.
 *
 * @returns the scope that contains everything, or `''`, and the saver that the message describes, if any
 */
export function addMetaGraph(
  def: WithGraph,
  options: ImportMetaGraphOptions & Required<Pick<ImportMetaGraphOptions, 'graph'>>,
): { scope: string; saver: Saver | undefined } {
  const { graph } = options;
  const scope = importOperationsAndCollections(def, options);
  for (const bytes of def.collectionDef[GraphKeys.SAVERS]?.bytesList?.value ?? [])
    graph.addToCollection(GraphKeys.SAVERS, Saver.fromProto(SaverDef.decode(bytes), scope, graph));
  return { scope, saver: def.saverDef && Saver.fromProto(def.saverDef, scope, graph) };
}

function readMetaGraph(metaGraph: Uint8Array | string): WithGraph {
  const source = typeof metaGraph === 'string' ? `'${metaGraph}'` : 'what was given';
  try {
    const bytes = typeof metaGraph === 'string' ? fs.readFileSync(metaGraph) : metaGraph;
    const decoded = isText(bytes) ? MetaGraphDef.fromText(Buffer.from(bytes).toString()) : MetaGraphDef.decode(bytes);
    const { graphDef, ...rest } = decoded;
    if (graphDef === undefined) throw new DataLossError('it has no graph');
    return { graphDef, ...rest };
  } catch (error) {
    if (error instanceof TensorFlowError)
      throw new DataLossError(
        `${source} is no MetaGraphDef: ${error.message.replace('this is no MetaGraphDef: ', '')}`,
      );
    throw fileError(`could not read ${source}`, error);
  }
}

/** Adds to an error what was being done when it occurred. */
function during(activity: string, prefix: string, error: unknown): unknown {
  return withContext(error, (message) => `${message}\n  ${activity} '${prefix}'`);
}

function isElement(globalStep: SaveOptions['globalStep']): globalStep is Tensor | string {
  return globalStep instanceof Tensor || typeof globalStep === 'string';
}

/**
 * Whether a checkpoint that couldn't be restored was replaced or removed meanwhile, possibly by another program. If it
 * is just being replaced, its data doesn't match its index for a moment; this waits for that.
 */
function mayHaveChanged(prefix: string, version: string, tries: number): boolean {
  if (tries > 10) return false;
  if (!fs.existsSync(settlingLock(prefix))) return versionOf(prefix) !== version;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  return true;
}

/** The checkpoints in a state file; empty if it can't be read. */
function listedIn(folder: string, latestFilename?: string): readonly string[] {
  try {
    return getCheckpointState(folder, latestFilename)?.allModelCheckpointPaths ?? [];
  } catch {
    return []; // it is about to be replaced
  }
}

/** Cleans up. The new checkpoint is saved, even if this fails. */
function attempt(tidy: () => void): void {
  try {
    tidy();
  } catch (error) {
    process.emitWarning(messageOf(error), 'Saver');
  }
}
