/** Finds out which runs may wait for something outside of them: another run, another process. */
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { FetchPlan } from './fetches';

/**
 * Whether a run may wait. A run that "blocks" occupies its computing thread while it waits, even a thread of a pool.
 */
export type Waiting = 'no' | 'waits' | 'blocks';

/** Operations that block their thread, and ignore time limits and the end of the session: stages. */
const BLOCKING = /^(Ordered)?Map(Stage|Unstage|UnstageNoKey|Peek)$|^(Unstage|Stage|StagePeek)$/;

/**
 * Other operations that wait: for elements or room in a queue or barrier, gradients in an accumulator, a reader's
 * files, elements of a data set, a lock, a batch, a device, or another process. Functions and loops aren't searched for
 * them. A false positive only costs its run a thread.
 */
const WAITING = new RegExp(
  [
    'Queue(En|De)queue|^(En|De)queue|(In|Out)feed',
    '^Barrier(InsertMany|TakeMany)',
    'AccumulatorTakeGradient',
    '^ReaderRead|^ReadFile|^RecordInput',
    'Iterator|Dataset',
    '^MutexLock|^(Unb|B)atch(Function|Grad|)$|^Collective|Nccl',
    '^_?(Host)?(Send|Recv)|^Rpc|Remote|PyFunc',
    'PartitionedCall$|^(Stateless)?(If|While|Case)$|^For$|^SymbolicGradient$|^(Ref)?Exit$',
  ].join('|'),
);

/** The pattern of TensorFlow's operation types; anything else is a function of the graph. */
const REGISTERED = /^_*[A-Z][A-Za-z0-9]*(>[A-Za-z0-9]+)?$/;

/** How the first `seen` operations of a graph wait. Operations that don't wait are not in the map. */
interface Known {
  seen: number;
  readonly waiting: Map<Operation, Waiting>;
}

const known = new WeakMap<Graph, Known>();

/**
 * How a run that computes these fetches may wait. Each operation of the graph is examined once, whatever is fetched.
 */
export function waitingOf(graph: Graph, { tensors, targets }: FetchPlan): Waiting {
  const waiting = waitingIn(graph);
  if (waiting.size === 0) return 'no';
  return longest([...tensors.map(({ op }) => op), ...targets], waiting);
}

function waitingIn(graph: Graph): ReadonlyMap<Operation, Waiting> {
  let { seen, waiting } = known.get(graph) ?? { seen: 0, waiting: new Map<Operation, Waiting>() };
  // Operations come after those that they depend on, except for the back edges of loops, whose exits are assumed to
  // wait.
  for (; seen < graph.operations.length; seen++) {
    const operation = graph.operations[seen]!;
    let how = waitingOfType(operation.type);
    if (waiting.size > 0 && how !== 'blocks') {
      const inherited = longest([...operation.inputs.map(({ op }) => op), ...operation.controlInputs], waiting);
      if (inherited !== 'no') how = inherited;
    }
    if (how !== 'no') waiting.set(operation, how);
  }
  known.set(graph, { seen, waiting });
  return waiting;
}

/** How an operation of this type may wait. */
export function waitingOfType(type: string): Waiting {
  if (BLOCKING.test(type)) return 'blocks';
  return WAITING.test(type) || !REGISTERED.test(type) ? 'waits' : 'no';
}

function longest(operations: readonly Operation[], waiting: ReadonlyMap<Operation, Waiting>): Waiting {
  const all = operations.map((operation) => waiting.get(operation));
  return all.includes('blocks') ? 'blocks' : all.includes('waits') ? 'waits' : 'no';
}
