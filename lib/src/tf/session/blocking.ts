/** Which runs may wait for something outside of them: another run, another process. */
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { FetchPlan } from './fetches';

/** Whether a run may wait; where it "blocks", it keeps the thread that computes meanwhile, be it one of a pool. */
export type Waiting = 'no' | 'waits' | 'blocks';

/** Operations whose thread waits with them, and heeds neither time limits nor the end of the session: stages. */
const BLOCKING = /^(Ordered)?Map(Stage|Unstage|UnstageNoKey|Peek)$|^(Unstage|Stage|StagePeek)$/;

/**
 * Others that wait: for elements or room in a queue, a barrier; for gradients in an accumulator; for a reader's files, a data set's elements;
 * for a lock, a batch, a device, another process. It isn't looked into functions and loops. That one is here in vain costs its run a
 * thread, no more.
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

/** What TensorFlow calls its operations; anything else is a function of the graph. */
const REGISTERED = /^_*[A-Z][A-Za-z0-9]*(>[A-Za-z0-9]+)?$/;

/** How the first `seen` operations of a graph wait; those that don't are not in the map. */
interface Known {
  seen: number;
  readonly waiting: Map<Operation, Waiting>;
}

const known = new WeakMap<Graph, Known>();

/** How a run that computes what is fetched may wait. Looks at each operation of the graph once, whatever is fetched. */
export function waitingOf(graph: Graph, { tensors, targets }: FetchPlan): Waiting {
  const waiting = waitingIn(graph);
  if (waiting.size === 0) return 'no';
  return longest([...tensors.map(({ op }) => op), ...targets], waiting);
}

function waitingIn(graph: Graph): ReadonlyMap<Operation, Waiting> {
  let { seen, waiting } = known.get(graph) ?? { seen: 0, waiting: new Map<Operation, Waiting>() };
  // An operation comes after those that it depends on, but for the way back of a loop, whose exits are taken to wait.
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
