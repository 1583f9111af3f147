/**
 * Which threads suit a graph. Measured on two cores: a step of the fully connected MNIST net is twice as fast when one
 * thread, the caller's, runs everything (handing operations of some microseconds from thread to thread costs more than they
 * do), and a convolutional one is nearly twice as fast with every core.
 */
import { availableParallelism } from 'node:os';
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { type ConfigProto, MAX_THREADS } from './config';

/** The threads a session runs with, and why. */
export interface ThreadChoice {
  /** Threads that one operation may use. */
  readonly intraOp: number;
  /** Operations that may run at once; -1 when they run in the thread that calls. */
  readonly interOp: number;
  /** In words: who chose, and by what. */
  readonly reason: string;
}

/** Operations whose work is worth every core whatever their sizes are. */
const LARGE = /Conv[23]D|Conv2DBackprop|DepthwiseConv|MaxPool|AvgPool|FFT|LRN/;

/** Multiplications in one matrix product from which on a second thread pays. */
const MANY_MULTIPLICATIONS = 50e6;

/** What stands for a dimension that is not known before the graph runs. */
const TYPICAL_BATCH = 128;

/**
 * The threads that a configuration asks for, or, where it says nothing of them, those that suit the graph. Of every core the graph
 * may use as many as `TF_NUM_INTRAOP_THREADS` says, as in TensorFlow, if that is set: trials of a search share the cores so.
 */
export function chooseThreads(graph: Graph, config: ConfigProto): ThreadChoice {
  const { intraOpParallelismThreads: intraOp, interOpParallelismThreads: interOp } = config;
  const allowed = threadsAllowed();
  const cores = allowed ?? availableParallelism();
  if (intraOp !== undefined || interOp !== undefined)
    return {
      intraOp: Number(intraOp ?? 0) || cores,
      interOp: Number(interOp ?? 0) || cores,
      reason: 'as the configuration says',
    };
  const large = graph.operations.find(isLarge);
  if (large && cores > 1)
    return { intraOp: cores, interOp: cores, reason: `every core, for ${large.type} '${large.name}' is worth them` };
  const why = allowed === 1 ? 'TF_NUM_INTRAOP_THREADS allows no more' : 'every operation of the graph is small';
  return { intraOp: 1, interOp: -1, reason: `one thread, the caller's: ${why}` };
}

/** What `TF_NUM_INTRAOP_THREADS` says, where that is a number of threads. */
function threadsAllowed(): number | undefined {
  const threads = Number(process.env.TF_NUM_INTRAOP_THREADS);
  return Number.isInteger(threads) && threads > 0 && threads <= MAX_THREADS ? threads : undefined;
}

function isLarge(operation: Operation): boolean {
  if (LARGE.test(operation.type)) return true;
  return /MatMul/.test(operation.type) && multiplications(operation) >= MANY_MULTIPLICATIONS;
}

/** Multiplications in a matrix product: the elements of the result times the length of the sums. */
function multiplications({ inputs, outputs }: Operation): number {
  const sizes = (tensor: Tensor | undefined) => (tensor?.shape ?? []).map((size) => size ?? TYPICAL_BATCH);
  const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  // The product of all three sizes is (m·k)(k·n)(m·n) = (m·k·n)², whichever way the operands are transposed.
  return Math.sqrt(product(sizes(inputs[0])) * product(sizes(inputs[1])) * product(sizes(outputs[0])));
}
