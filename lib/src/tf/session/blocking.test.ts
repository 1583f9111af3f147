import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';

import { identity } from '../ops/array';
import { constant } from '../ops/constants';
import { waitingOf, waitingOfType } from './blocking';
import { planFetches } from './fetches';

const wait = (graph: Graph, fetched: Tensor | Operation) => waitingOf(graph, planFetches(graph, fetched));

describe('an operation that may wait', () => {
  it.each([
    'QueueDequeueV2',
    'QueueDequeueManyV2',
    'QueueDequeueUpTo',
    'QueueEnqueueV2',
    'BarrierTakeMany',
    'AccumulatorTakeGradient',
    'SparseAccumulatorTakeGradient',
    'ResourceAccumulatorTakeGradient',
    'ReaderReadV2',
    'ReaderReadUpToV2',
    'IteratorGetNext',
    'MutexLock',
    'BatchFunction',
    'CollectiveReduceV2',
    '_Recv',
    'StatefulPartitionedCall',
    'While',
    'Exit',
    'my_function_7',
  ])('is %s', (type) => expect(waitingOfType(type)).toBe('waits'));

  it.each(['Stage', 'Unstage', 'StagePeek', 'MapStage', 'MapUnstageNoKey', 'OrderedMapPeek'])(
    'is %s, with its thread',
    (type) => expect(waitingOfType(type)).toBe('blocks'),
  );

  it.each([
    'MatMul',
    'QueueSizeV2',
    'QueueCloseV2',
    'FIFOQueueV2',
    'StageSize',
    'StageClear',
    'BatchMatMulV2',
    'SpaceToBatchND',
    'FusedBatchNormV3',
    'AssignVariableOp',
    'SaveV2',
    '_Retval',
  ])('is not %s', (type) => expect(waitingOfType(type)).toBe('no'));
});

describe('what is fetched may wait', () => {
  it('where it depends on a queue by tensors or by order, and nowhere else', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const before = constant(1);
      const [queue] = graph.createOperation('FIFOQueueV2', [], { component_types: ['float32'] }).outputs as [Tensor];
      expect(wait(graph, queue)).toBe('no');
      const [front] = graph.createOperation('QueueDequeueV2', [queue], { component_types: ['float32'] }).outputs;
      const behind = identity(identity(front!));
      const after = graph.controlDependencies([behind], () => identity(before));
      expect([front!, behind, after].map((tensor) => wait(graph, tensor))).toEqual(['waits', 'waits', 'waits']);
      const staged = graph.createOperation('Unstage', [], { dtypes: ['float32'] }, { controlInputs: [behind] });
      expect([wait(graph, staged), wait(graph, identity(staged.outputs[0]!))]).toEqual(['blocks', 'blocks']);
      expect(wait(graph, before)).toBe('no');
      expect(wait(graph, identity(before))).toBe('no'); // added after the first look
    });
  });
});
