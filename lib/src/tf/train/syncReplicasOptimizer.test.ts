import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FailedPreconditionError, InvalidArgumentError } from '../../runtime/errors';
import { within } from '../../testing/graphs';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { placeholder } from '../ops/constants';
import { add, square, sub } from '../ops/elementwise';
import { gather } from '../ops/indexing';
import { matmul } from '../ops/matmul';
import { reduceMean, reduceSum } from '../ops/reduce';
import { globalVariables, trainableVariables, Variable } from '../ops/variables';
import { replicaDeviceSetter } from './cluster/replicaDeviceSetter';
import { ExponentialMovingAverage } from './movingAverages';
import { AdagradOptimizer, AdamOptimizer, GradientDescentOptimizer, MomentumOptimizer } from './optimizers';
import { replicated, SyncReplicasOptimizer } from './syncReplicasOptimizer';

const golden: Record<string, string[]> = JSON.parse(
  readFileSync(path.join(__dirname, '../../../../tests/golden/sync.json'), 'utf8'),
);

function dense(): [loss: Tensor, step: Variable<'int64', 'scalar'>] {
  const x = placeholder('float32', [null, 3], { name: 'x' });
  const t = placeholder('float32', [null, 1], { name: 't' });
  const step = new Variable(0, { dtype: 'int64', name: 'global_step', trainable: false });
  const w = new Variable([[0.1], [0.2], [0.3]], { name: 'w' });
  const b = new Variable([0.5], { name: 'b' });
  return [reduceMean(square(sub(add(matmul(x, w), b), t)), { name: 'loss' }), step];
}

function sparse(): [loss: Tensor, step: Variable<'int32', 'scalar'>] {
  const ids = placeholder('int32', [4], { name: 'ids' });
  const step = new Variable(0, { dtype: 'int32', name: 'global_step', trainable: false });
  const table = new Variable([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], { name: 'table' }); // biome-ignore format: rows
  return [reduceSum(gather(table, ids), { name: 'loss' }), step];
}

/** What extract_sync.py builds in Python. */
const builds: Record<string, (graph: Graph) => void> = {
  local() {
    const [loss, globalStep] = dense();
    const optimizer = new SyncReplicasOptimizer(new GradientDescentOptimizer(0.1), 2);
    optimizer.minimize(loss, { globalStep });
    optimizer.getInitTokensOp();
    optimizer.getInitTokensOp(0);
  },
  cluster(graph) {
    graph.device(replicaDeviceSetter({ psTasks: 2, workerDevice: '/job:worker/task:1' }), () => {
      const [loss, globalStep] = dense();
      const momentum = new MomentumOptimizer(0.1, 0.9);
      const options = { totalNumReplicas: 3, useLocking: true, name: 'together' };
      const optimizer = new SyncReplicasOptimizer(momentum, 2, options);
      graph.nameScope('train', () => optimizer.minimize(loss, { globalStep }));
      optimizer.getInitTokensOp(5);
    });
  },
  rows(graph) {
    graph.device(replicaDeviceSetter({ psTasks: 2 }), () => {
      const [loss, globalStep] = sparse();
      const optimizer = new SyncReplicasOptimizer(new AdagradOptimizer(0.1), 4, { totalNumReplicas: 2 });
      optimizer.minimize(loss, { globalStep });
      optimizer.getInitTokensOp();
    });
  },
  averages() {
    const [loss, globalStep] = dense();
    const variableAverages = new ExponentialMovingAverage(0.9, globalStep);
    const options = { variableAverages, variablesToAverage: trainableVariables() };
    const optimizer = new SyncReplicasOptimizer(new AdamOptimizer(0.1), 2, options);
    optimizer.minimize(loss, { globalStep, name: 'unused' });
  },
};

/** The nodes of a graph as extract_sync.py describes them. */
function described(graph: Graph): string[] {
  return graph.operations
    .filter(({ name }) => !name.includes('gradients/'))
    .map((op) => {
      const { input, attr } = op.toNodeDef();
      const control = input.filter((name) => name.startsWith('^')).sort();
      const inputs = input.filter((name) => !name.startsWith('^'));
      const groups = attr?._class ? op.colocationGroups() : [];
      const shared = /Accumulator|Queue/.test(op.type) && attr?.shared_name?.s;
      const words = [op.name, op.type, op.device || '-', ...inputs, ...control, ...groups];
      return [...words, ...(shared ? [`shared:${Buffer.from(shared).toString()}`] : [])].join(' ');
    });
}

describe('the graph of a SyncReplicasOptimizer', () => {
  it.each(Object.keys(golden))('is node by node that of Python: %s', (name) => {
    const graph = new Graph();
    graph.asDefault(() => builds[name]!(graph));
    expect(described(graph).sort()).toEqual(golden[name]!.sort());
  });
});

const names = (variables: readonly Variable[]) => variables.map(({ name }) => name);

describe('a SyncReplicasOptimizer', () => {
  it('has the slots, the variables and the gradients of the optimizer that it is around', () => {
    within(() => {
      const [loss, globalStep] = dense();
      const momentum = new MomentumOptimizer(0.1, 0.9);
      const optimizer = new SyncReplicasOptimizer(momentum, 2);
      const gradients = optimizer.computeGradients(loss);
      expect(gradients.map(([, variable]) => variable.name)).toEqual(['w:0', 'b:0']);
      const trainOp = optimizer.applyGradients(gradients, globalStep);
      expect([trainOp.type, trainOp.inputs[1]!.name]).toEqual(['Assign', 'sync_token_q_Dequeue:0']);
      expect(optimizer.getSlotNames()).toEqual(['momentum']);
      expect(optimizer.getSlot(gradients[0]![1], 'momentum')!.name).toBe('w/Momentum:0');
      expect(names(optimizer.variables())).toEqual(['b/Momentum:0', 'w/Momentum:0']);
      expect(names(optimizer.variables())).toEqual(names(momentum.variables()));
      expect(optimizer.getChiefQueueRunner().name).toBe('sync_token_q');
      expect([optimizer.chiefInitOp.type, optimizer.localStepInitOp.type]).toEqual(['NoOp', 'Assign']);
      expect(optimizer.readyForLocalInitOp.dtype).toBe('string');
    });
  });

  it('refuses counts that can not be meant, and what it can not count', () => {
    within(() => {
      const [loss, globalStep] = dense();
      const descent = new GradientDescentOptimizer(0.1);
      expect(() => new SyncReplicasOptimizer(descent, 0)).toThrow('replicasToAggregate is a whole number from 1 on');
      expect(() => new SyncReplicasOptimizer(descent, 2, { totalNumReplicas: 1.5 })).toThrow('totalNumReplicas');
      expect(() => new SyncReplicasOptimizer({} as never, 2)).toThrow('what is made synchronous is an optimizer');
      const optimizer = new SyncReplicasOptimizer(descent, 4, { totalNumReplicas: 2 });
      expect(() => optimizer.getChiefQueueRunner()).toThrow(FailedPreconditionError);
      expect(() => optimizer.makeSessionRunHook(true).begin()).toThrow(FailedPreconditionError);
      // @ts-expect-error a text is true, whatever it says
      expect(() => optimizer.makeSessionRunHook('false')).toThrow("the chief is true or false, not 'false'");
      expect(() => optimizer.minimize(loss)).toThrow('minimize(loss, { globalStep })');
      const fraction = new Variable(0, { trainable: false });
      expect(() => optimizer.minimize(loss, { globalStep: fraction })).toThrow('the global step is of int64 or int32');
      expect(() => optimizer.applyGradients([[null, fraction]], { globalStep })).toThrow('no variable has a gradient');
      optimizer.minimize(loss, { globalStep });
      expect(() => optimizer.getInitTokensOp(1)).toThrow('2 replicas needs 2 tokens or more, not 1');
      expect(optimizer.getInitTokensOp(2).type).toBe('QueueEnqueueManyV2');
      expect(() => new SyncReplicasOptimizer(descent, 2).minimize(loss, { globalStep })).toThrow(
        'has a synchronous optimizer already',
      );
    });
  });
});

describe('replicated', () => {
  const trained = () => {
    const [loss, globalStep] = dense();
    const optimizer = new AdamOptimizer(0.1);
    return { loss, optimizer, trainOp: optimizer.minimize(loss, { globalStep }) };
  };

  it('makes the optimizer of code that knows nothing of it synchronous, and changes nothing else', () => {
    const alone = within(() => [trained(), names(globalVariables())] as const);
    const together = within(() => [replicated({ replicasToAggregate: 2 }, trained), names(globalVariables())] as const);
    expect(together[1]).toEqual(alone[1]);
    const { built, optimizer } = together[0];
    expect([built.trainOp.type, built.trainOp.inputs[1]!.name]).toEqual(['Assign', 'sync_token_q_Dequeue:0']);
    expect(names(optimizer!.variables())).toEqual(names(built.optimizer.variables()));
    // Whoever builds afterwards is alone again.
    expect(within(trained).trainOp.name).toBe('Adam');
  });

  it('gives no optimizer where nothing is trained, and refuses what it can not make synchronous', () => {
    within(() => {
      const { built, optimizer } = replicated({ replicasToAggregate: 2 }, () => 7);
      expect([built, optimizer]).toEqual([7, undefined]);
      const counts = { replicasToAggregate: 2, totalNumReplicas: 3 };
      expect(() => replicated(counts, () => new AdamOptimizer(0.1).minimize(dense()[0]))).toThrow(InvalidArgumentError);
    });
    within(() => {
      const twice = () => {
        const [loss, globalStep] = dense();
        return [0, 1].map(() => new AdamOptimizer(0.1).minimize(loss, { globalStep }));
      };
      expect(() => replicated({ replicasToAggregate: 2 }, twice)).toThrow('has a synchronous optimizer already');
    });
  });

  it('leaves an optimizer alone that is synchronous by itself', () => {
    within(() => {
      const { optimizer } = replicated({ replicasToAggregate: 2 }, () => {
        const [loss, globalStep] = dense();
        return new SyncReplicasOptimizer(new AdamOptimizer(0.1), 3).minimize(loss, { globalStep });
      });
      expect(optimizer).toBeUndefined();
    });
  });
});
