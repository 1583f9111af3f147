/** Reads a checkpoint without its graph. */

import { checkText } from '../../runtime/arguments';
import { type DType, dtypeOf, isHostDType } from '../../runtime/dtypes';
import { withContext } from '../../runtime/errorContext';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { type HostArray, toHostArray } from '../../runtime/hostArray';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { apply } from '../ops/apply';
import { placeholder } from '../ops/constants';
import { type Feeds, Session } from '../session';
import { checkCheckpointExists, checkpointExists, isFolder } from './checkpointFiles';
import { type CheckpointEntry, readCheckpointIndex } from './checkpointIndex';
import { latestCheckpoint } from './checkpointState';
import { literalPrefix } from './literalPrefix';

/**
 * Reads the tensors of a checkpoint.
 *
 * @example
 * const reader = new tf.train.CheckpointReader('summaries/run1/model.ckpt-1000');
 * reader.getVariableToShapeMap();               // { global_step: [], 'hidden1/weights': [784, 128] … }
 * reader.getTensor('hidden1/weights').at(0, 0);
 */
export class CheckpointReader {
  readonly prefix: string;
  readonly #entries: ReadonlyMap<string, CheckpointEntry>;
  /** Created on first use. `RestoreV2` has a fixed dtype, so there is one operation per dtype. */
  #session: Session | undefined;
  readonly #restores = new Map<DType, Restore>();

  /**
   * @throws {NotFoundError} when there is no checkpoint with this prefix
   * @throws {DataLossError} when its index is damaged
   */
  constructor(prefix: string) {
    checkCheckpointExists(prefix);
    this.prefix = prefix;
    this.#entries = readCheckpointIndex(prefix);
  }

  /** Whether the checkpoint has a tensor of this name. */
  hasTensor(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The shape of each tensor, by name. */
  getVariableToShapeMap(): Record<string, number[]> {
    return Object.fromEntries([...this.#entries].map(([name, entry]) => [name, sizesOf(entry)]));
  }

  /** The dtype of each tensor, by name. */
  getVariableToDtypeMap(): Record<string, DType> {
    return Object.fromEntries([...this.#entries].map(([name, { dtype }]) => [name, dtypeOf(dtype)]));
  }

  /**
   * The value of a tensor; a scalar is an array with one element and no dimensions.
   *
   * @throws {NotFoundError} when the checkpoint has no tensor of this name
   * @throws {DataLossError} when its bytes don't match their checksum
   */
  getTensor(name: string): HostArray {
    checkText('the name of a tensor in a checkpoint', name);
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      const known = [...this.#entries.keys()].join(', ');
      throw new NotFoundError(`Key ${name} not found in checkpoint '${this.prefix}', which has ${known || 'nothing'}`);
    }
    const dtype = dtypeOf(entry.dtype);
    if (!isHostDType(dtype))
      throw new InvalidArgumentError(`'${name}' is of dtype ${dtype}, which JavaScript can't hold`);
    this.#session ??= new Session({ graph: new Graph() });
    const restore = this.#restoreOf(dtype, this.#session.graph);
    const { prefix, free, explain } = literalPrefix(this.prefix);
    try {
      const feeds: Feeds = [
        [restore.prefix, prefix],
        [restore.name, [name]],
      ];
      return toHostArray(this.#session.runSync(restore.value, feeds), dtype);
    } catch (error) {
      throw withContext(
        explain(error),
        (message) => `${message}\n  reading '${name}' of the checkpoint '${this.prefix}'`,
      );
    } finally {
      free();
    }
  }

  #restoreOf(dtype: DType, graph: Graph): Restore {
    let restore = this.#restores.get(dtype);
    if (restore === undefined) {
      restore = graph.asDefault(() => {
        const prefix = placeholder('string', []);
        const name = placeholder('string', [1]);
        const value = apply('RestoreV2', [prefix, name, ['']], { dtypes: [dtype] }).outputs[0]!;
        return { prefix, name, value };
      });
      this.#restores.set(dtype, restore);
    }
    return restore;
  }
}

/** A `RestoreV2` of one tensor, whose name is fed, like the checkpoint's. */
interface Restore {
  readonly prefix: Tensor<'string', 'scalar'>;
  readonly name: Tensor<'string', 'array'>;
  readonly value: Tensor;
}

/**
 * Opens a checkpoint for reading.
 *
 * @param prefixOrFolder the checkpoint's prefix, or a folder, for its newest checkpoint
 * @throws {NotFoundError} when there is no such checkpoint
 *
 * @example
 * const reader = tf.train.loadCheckpoint('summaries/run1'); // the newest there
 */
export function loadCheckpoint(prefixOrFolder: string): CheckpointReader {
  // A checkpoint may have the same name as a folder next to it.
  if (checkpointExists(prefixOrFolder) || !isFolder(prefixOrFolder)) return new CheckpointReader(prefixOrFolder);
  const prefix = latestCheckpoint(prefixOrFolder);
  if (prefix === null) throw new NotFoundError(`there is no checkpoint in the folder '${prefixOrFolder}'`);
  return new CheckpointReader(prefix);
}

/**
 * The names and shapes of the tensors of a checkpoint, in the order of the names.
 *
 * @param prefixOrFolder the checkpoint's prefix, or a folder, for its newest checkpoint
 * @throws {NotFoundError} when there is no such checkpoint
 *
 * @example
 * tf.train.listVariables('summaries/run1'); // [['global_step', []], ['hidden1/biases', [128]] …]
 */
export function listVariables(prefixOrFolder: string): [name: string, shape: number[]][] {
  return Object.entries(loadCheckpoint(prefixOrFolder).getVariableToShapeMap());
}

/**
 * The value of one tensor of a checkpoint.
 *
 * @param prefixOrFolder the checkpoint's prefix, or a folder, for its newest checkpoint
 * @throws {NotFoundError} when there is no such checkpoint, or no such tensor in it
 *
 * @example
 * tf.train.loadVariable('summaries/run1', 'hidden1/weights').shape; // [784, 128]
 */
export function loadVariable(prefixOrFolder: string, name: string): HostArray {
  return loadCheckpoint(prefixOrFolder).getTensor(name);
}

function sizesOf({ shape }: CheckpointEntry): number[] {
  return (shape?.dim ?? []).map(({ size }) => size);
}
