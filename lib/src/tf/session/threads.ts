/**
 * Chooses the numbers of threads for a graph. Measured on two cores: a step of the fully connected MNIST network is
 * twice as fast if a single thread, the caller's, runs everything, because handing operations of a few microseconds to
 * other threads costs more than running them. A convolutional network is nearly twice as fast with every core.
 */
import { availableParallelism } from 'node:os';
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { type ConfigProto, MAX_THREADS } from './config';

/** The numbers of threads of a session, and why they were chosen. */
export interface ThreadChoice {
  /** The number of threads that one operation may use. */
  readonly intraOp: number;
  /** The number of operations that may run at once; -1 if they run in the calling thread. */
  readonly interOp: number;
  /** The reason in words. */
  readonly reason: string;
}

/** Operations that benefit from every core, whatever their sizes. */
const LARGE = /Conv[23]D|Conv2DBackprop|DepthwiseConv|MaxPool|AvgPool|FFT|LRN/;

/** The number of multiplications in a matrix product from which a second thread pays off. */
const MANY_MULTIPLICATIONS = 50e6;

/** The assumed size of a dimension that is unknown before the graph runs. */
const TYPICAL_BATCH = 128;

/**
 * The threads that a configuration requests or, if it doesn't, those that suit the graph. As in TensorFlow,
 * `TF_NUM_INTRAOP_THREADS` limits the number of cores a graph may use; this is how the trials of a search share the
 * cores.
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

/** The value of `TF_NUM_INTRAOP_THREADS`, if it is a number of threads. */
function threadsAllowed(): number | undefined {
  const threads = Number(process.env.TF_NUM_INTRAOP_THREADS);
  return Number.isInteger(threads) && threads > 0 && threads <= MAX_THREADS ? threads : undefined;
}

function isLarge(operation: Operation): boolean {
  if (LARGE.test(operation.type)) return true;
  return /MatMul/.test(operation.type) && multiplications(operation) >= MANY_MULTIPLICATIONS;
}

/** The number of multiplications in a matrix product: the elements of the result times the length of the sums. */
function multiplications({ inputs, outputs }: Operation): number {
  const sizes = (tensor: Tensor | undefined) => (tensor?.shape ?? []).map((size) => size ?? TYPICAL_BATCH);
  const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  // The product of all three sizes is (m·k)(k·n)(m·n) = (m·k·n)², whichever way the operands are transposed.
  return Math.sqrt(product(sizes(inputs[0])) * product(sizes(inputs[1])) * product(sizes(outputs[0])));
}
