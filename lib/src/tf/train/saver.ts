/**
 * Saving the variables of a graph to checkpoints, and restoring them, with the operations and the files that Python's
 * `tf.train.Saver` makes.
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

/** How a saver works. */
export interface SaverOptions {
  /**
   * How many checkpoints to keep, 0 for all.
   *
   * @defaultValue `5`
   */
  maxToKeep?: number;
  /**
   * Besides these, one checkpoint of every so many hours is kept for good.
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
   * Whether a variable may take a tensor of another shape with as many elements.
   *
   * @defaultValue `false`
   */
  reshape?: boolean;
  /**
   * Whether the variables of each device are saved there, into a file of its own. In a cluster every parameter server then writes what it
   * has, in place of sending it to the worker that saves. All write into one folder, which has to be the same for every machine.
   *
   * @defaultValue `false`
   */
  sharded?: boolean;
  /**
   * Whether the step in a checkpoint's name has eight digits or more: `model.ckpt-00001000`.
   *
   * @defaultValue `false`
   */
  padStepNumber?: boolean;
  /**
   * Whether the state file names checkpoints relative to their folder, so that the folder can be moved.
   *
   * @defaultValue `true`
   */
  saveRelativePaths?: boolean;
  /** The operations of a saver that the graph has already, in place of new ones; `name` is then a scope that they are in. */
  saverDef?: MessageInit<SaverDef>;
  /**
   * The graph of `saverDef`.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
}

/** How to save. */
export interface SaveOptions {
  /** The step, to be put into the checkpoint's name; a tensor, or the name of one, is evaluated. */
  globalStep?: number | bigint | Tensor | string;
  /**
   * The name of the state file.
   *
   * @defaultValue `checkpoint`
   */
  latestFilename?: string;
  /**
   * Whether to write the graph beside the checkpoint, as `.meta`.
   *
   * @defaultValue `true`
   */
  writeMetaGraph?: boolean;
  /**
   * Whether to name the checkpoint in the state file, and to remove old checkpoints.
   *
   * @defaultValue `true`
   */
  writeState?: boolean;
}

/** The step in its place, as Python takes it, or among the options. */
type SaveArguments =
  | [globalStep: NonNullable<SaveOptions['globalStep']>, options?: Omit<SaveOptions, 'globalStep'>]
  | [options?: SaveOptions];

/** Whether an object is options rather than variables by their names. */
function isOptions(value: VariableList | SaverOptions | null | undefined): value is SaverOptions {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map) return false;
  const values = Object.values(value);
  const isVariable = (item: unknown) => item instanceof Tensor || item instanceof PartitionedVariable;
  return values.length > 0 && !isVariable(value) && !values.flat().some(isVariable);
}

/** A checkpoint that is being saved. */
interface Saving extends KeptCheckpoint {
  /** What the names of the saver's checkpoints start with, before the step. */
  readonly base: string;
  readonly pending: PendingCheckpoint;
  /** Whether a checkpoint of the same name that was begun later is in its place already. */
  isSuperseded: boolean;
  /** Whether the state file names what is pending. */
  isNamed: boolean;
}

/** What all savers of this program are saving now: of two checkpoints of one name, the one that was begun last stays. */
class SavesAtWork {
  readonly #savings = new Set<Saving>();
  #begun = 0;

  /** Takes a number for one that is about to begin. */
  nextOrder(): number {
    return ++this.#begun;
  }

  add(saving: Saving): void {
    this.#savings.add(saving);
  }

  delete(saving: Saving): void {
    this.#savings.delete(saving);
  }

  /** Tells those of the same name that were begun earlier that this one is in its place. */
  supersede({ order, prefix }: Saving): void {
    for (const other of this.#savings)
      if (other.order < order && isSamePrefix(other.prefix, prefix)) other.isSuperseded = true;
  }
}

const atWork = new SavesAtWork();

/**
 * Saves variables to checkpoints and restores them.
 *
 * Whatever moment a program is killed at, the state file names a whole checkpoint: a new one is written and flushed to the
 * disk, then named in the state file, and only then are old ones removed. Savers may work at the same time, in one program or several,
 * with the same names too: of two checkpoints of one name, the one that was begun last stays.
 *
 * In a cluster files are written and read by the task that the saver's operations are placed on, the worker's as a rule, and with `sharded` by
 * every parameter server: in the folder that has the same path on each machine. This process then names and removes the files, so it has to be
 * one folder that all of them share. On one machine it is.
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
   * Adds the operations that save and restore to the graph of the variables.
   *
   * @param variables by default all that are saved: the global variables of the default graph; they may be left out before options
   * @throws {InvalidArgumentError} when there are none, one is no variable, or two share a name or are the same
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
   * The saver that a MetaGraphDef describes, made of operations that the graph has already.
   *
   * @param importScope the scope that they are in
   * @throws {NotFoundError} when the graph doesn't have them
   */
  static fromProto(saverDef: MessageInit<SaverDef>, importScope?: string, graph?: Graph): Saver {
    return new Saver(null, { saverDef, name: importScope, graph });
  }

  /** What a MetaGraphDef says of this saver. */
  toProto(): SaverDef {
    return { ...this.saverDef };
  }

  /**
   * Saves the variables as they are in a session.
   *
   * @param prefix what the names of the checkpoint's files start with; `-` and the step follow. A missing folder is made
   * @param given the step, and further options; it may be among these
   * @returns the prefix with the step, as `restore` takes it
   * @throws {FailedPreconditionError} when a variable has no value
   * @throws {InvalidArgumentError} when the session runs another graph, or the step is no whole number
   * @throws {TensorFlowError} when the checkpoint can't be written (no room, no permission). Whatever was there is still
   *   there, and nothing is left of the new one
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
    this.#saving = saving.catch(() => {}); // the caller is told; the next save goes on
    return saving;
  }

  /** Does what {@link Saver.save} does before it returns. */
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
   * Gives the variables the values that they have in a checkpoint. They need no other initialization.
   *
   * @param prefix as `save` or `latestCheckpoint` returned it
   * @throws {NotFoundError} when there is no such checkpoint, or it lacks a variable
   * @throws {InvalidArgumentError} when a variable has another shape or dtype there, or the session runs another graph
   * @throws {DataLossError} when the checkpoint is damaged
   *
   * No variable has changed then (unless a saver with `reshape` meets a tensor of another size).
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

  /** Does what {@link Saver.restore} does before it returns. */
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

  /** The prefixes of the checkpoints that this saver wrote and has not removed, oldest first. */
  get lastCheckpoints(): string[] {
    return this.#retention.prefixes;
  }

  /**
   * Says which checkpoints there are, oldest first, of which this saver shall remove those that become too many. It removes none that
   * lies in another folder than the checkpoint that is then saved: whatever a state file says, what is elsewhere is somebody else's.
   */
  setLastCheckpoints(prefixes: readonly string[]): void {
    checkArray('the prefixes of checkpoints', prefixes);
    this.#retention.tell(prefixes);
  }

  /**
   * Does what {@link Saver.setLastCheckpoints} does with those of the checkpoints that exist: so a program that goes on after
   * a crash has the saver know what was saved before.
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

  /** The whole path, for other processes may read and write the files, which work in other folders. */
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

  /** Once the checkpoint is on the disk: puts it where it belongs, names it, and removes what becomes too many. */
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

  /** Puts a checkpoint in its place, and names it. */
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

  /** Removes the checkpoints that are too many, and then says so in the state file. */
  #removeSurplus(saving: Saving, options: SaveOptions): void {
    const { isFull, removable } = this.#retention.add(saving);
    for (const prefix of removable) attempt(() => removeCheckpoint(prefix));
    if (isFull) attempt(() => this.#writeState(saving, saving.prefix, options));
  }

  /** Whatever became of it. */
  #end(saving: Saving): void {
    atWork.delete(saving);
    if (!saving.isNamed) attempt(() => saving.pending.clear());
  }

  /** Names a checkpoint, which will be called `target`, beside those that are there, also those that will be removed. */
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
 * Adds the graph of a MetaGraphDef to a graph, its collections to those of the graph, and gives the saver that it describes.
 *
 * As in Python, a resource variable keeps the name that its value is shared by: imported twice, under two scopes, it is two
 * variables with one value in a session.
 *
 * @param metaGraph the bytes of a `MetaGraphDef`, or the path of a file that holds them, such as a checkpoint's `.meta`; its
 *   text, as `.pbtxt` files have it, is read too
 * @returns the saver; where the MetaGraphDef describes none, a new one for the variables; null if there are no variables
 * @throws {NotFoundError} when there is no such file
 * @throws {DataLossError} when it holds no MetaGraphDef
 * @throws {InvalidArgumentError} when its operations can't be added, for example since the graph has their names already
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
 * Does what {@link importMetaGraph} does with a message, which it may change.
 *
 * @returns the scope that everything is under, or `''`, and the saver that the message describes, if it does
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

/** An error with what was done when it occurred. */
function during(activity: string, prefix: string, error: unknown): unknown {
  return withContext(error, (message) => `${message}\n  ${activity} '${prefix}'`);
}

function isElement(globalStep: SaveOptions['globalStep']): globalStep is Tensor | string {
  return globalStep instanceof Tensor || typeof globalStep === 'string';
}

/**
 * Whether a checkpoint that couldn't be restored was replaced or removed meanwhile, by another program too, or is just being replaced:
 * then its data doesn't fit its index for a moment, which this waits for.
 */
function mayHaveChanged(prefix: string, version: string, tries: number): boolean {
  if (tries > 10) return false;
  if (!fs.existsSync(settlingLock(prefix))) return versionOf(prefix) !== version;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  return true;
}

/** The checkpoints that a state file names; none where it can't be read. */
function listedIn(folder: string, latestFilename?: string): readonly string[] {
  try {
    return getCheckpointState(folder, latestFilename)?.allModelCheckpointPaths ?? [];
  } catch {
    return []; // it is about to be replaced
  }
}

/** Tidies up. The new checkpoint is saved, whether or not that succeeds. */
function attempt(tidy: () => void): void {
  try {
    tidy();
  } catch (error) {
    process.emitWarning(messageOf(error), 'Saver');
  }
}
