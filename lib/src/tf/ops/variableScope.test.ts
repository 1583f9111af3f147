import { describe, expect, expectTypeOf, it } from 'vitest';
import { AlreadyExistsError, InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { Graph } from '../graph/graph';
import type { Rank } from '../graph/tensor';
import { Session } from '../session';
import { constant } from './constants';
import { noOp } from './control';
import { zeros } from './creation';
import { embeddingLookup } from './nn';
import { PartitionedVariable } from './partitionedVariable';
import { fixedSizePartitioner, type Partitioner } from './partitioners';
import {
  AUTO_REUSE,
  getVariable,
  getVariableScope,
  type Initializer,
  VariableScope,
  variableScope,
} from './variableScope';
import { globalVariablesInitializer, trainableVariables, type Variable } from './variables';

const inGraph = <T>(build: () => T): T => new Graph().asDefault(build);

const partitioner = fixedSizePartitioner(3);

describe('getVariable', () => {
  it('names variables by the scopes of variables, and operations by those of names', () => {
    inGraph(() => {
      const names: string[] = [];
      for (let i = 0; i < 2; i++)
        variableScope('net', (scope) => {
          names.push(noOp().name, scope.name, getVariableScope().name);
          variableScope('layer', () => names.push(getVariable(`w${i}`, [2]).name));
        });
      expect(names).toEqual(['net/NoOp', 'net', 'net', 'net/layer/w0:0', 'net_1/NoOp', 'net', 'net', 'net/layer/w1:0']);
      expect(getVariableScope().name).toBe('');
    });
  });

  it('makes a variable once, and gives it again where a scope reuses', () => {
    inGraph(() => {
      const w = variableScope('a', () => getVariable('w', [2, 3]));
      const again = () => getVariable('w', [2, 3]);
      expect(() => variableScope('a', again)).toThrow(AlreadyExistsError);
      expect(variableScope('a', again, { reuse: true })).toBe(w);
      variableScope('a', (scope) => expect(scope).toBeInstanceOf(VariableScope));
      expect(variableScope('a', { reuse: AUTO_REUSE }, again)).toBe(w);
      expect(variableScope('a', { reuse: true }, () => variableScope('b', () => getVariableScope().reuse))).toBe(true);
      variableScope('a', (scope) => {
        scope.reuseVariables();
        expect(getVariable('w')).toBe(w);
        variableScope(scope, () => expect(again()).toBe(w));
      });
      expect(() => variableScope('a', { reuse: true }, () => getVariable('v', [2]))).toThrow(NotFoundError);
      expect(variableScope('a', { reuse: AUTO_REUSE }, () => getVariable('v', [2])).name).toBe('a/v:0');
      const other = (build: () => unknown, message: string) => {
        expect(() => variableScope('a', { reuse: true }, build)).toThrow(InvalidArgumentError);
        expect(() => variableScope('a', { reuse: true }, build)).toThrow(message);
      };
      other(() => getVariable('w', [3, 2]), 'asked for with the shape [3, 2]');
      other(() => getVariable('w', { dtype: 'int32' }), 'asked for as int32');
      other(() => getVariable('w', [2, 3], { partitioner }), "it can't be divided any more");
    });
  });

  it('begins with what the scope or a value says, and else with what suits', () => {
    inGraph(() => {
      const seven: Initializer = (shape, dtype) =>
        dtype === 'int32' ? constant(new Array(shape[0]).fill(7), 'int32') : zeros(shape);
      const variables = variableScope('s', { initializer: seven, dtype: 'int32' }, () => [
        getVariable('a', [2]),
        getVariable('b', { initializer: [0.5, 1] }),
        getVariable('c', { initializer: constant(3) }),
      ]);
      const whole = getVariable('d', [2], { dtype: 'int32', trainable: false });
      const glorot = getVariable('e', [30, 20]);
      const session = new Session();
      session.runSync(globalVariablesInitializer());
      expect(variables.map(({ dtype }) => dtype)).toEqual(['int32', 'float32', 'float32']);
      expect(session.runSync(variables[0]!)).toMatchObject({ data: new Int32Array([7, 7]) });
      expect(session.runSync(whole)).toMatchObject({ data: new Int32Array(2) });
      const { data } = session.runSync(glorot) as { data: Float32Array };
      const largest = Math.max(...data.map(Math.abs));
      expect(largest).toBeLessThanOrEqual(Math.sqrt(6 / 50));
      expect(largest).toBeGreaterThan(0.9 * Math.sqrt(6 / 50));
      expect(trainableVariables()).not.toContain(whole);
    });
  });

  it('refuses what makes no variable', () => {
    inGraph(() => {
      expect(() => getVariable('w')).toThrow("the shape of the variable 'w' is an array of sizes, not undefined");
      expect(() => getVariable('w', [null as never])).toThrow('is an array of sizes');
      expect(() => getVariable('w', [2], { initializer: [1, 2, 3] })).toThrow(
        "the shape of 'w' is [2], and its initializer's [3]",
      );
      expect(() => getVariable('w', { initializer: constant(1), dtype: 'int32' })).toThrow(
        'is of float32, not of int32',
      );
      expect(() => getVariable('w', [2], { dtype: 'floating' as never })).toThrow("'floating' is no dtype");
      expect(() => getVariable(5 as never)).toThrow('the name of a variable is a text, not 5');
      expect(() => variableScope('a', undefined as never)).toThrow('is a function, not undefined');
      expect(() => variableScope('a', 5 as never)).toThrow('options are an object');
      expect(() => variableScope('a', { resuse: true } as never, () => 1)).toThrow("did you mean 'reuse'");
      expect(() => variableScope('a', { partitioner: 3 as never }, () => 1)).toThrow(
        "option 'partitioner' is a function, not 3",
      );
      expect(() => variableScope('a b', () => 1)).toThrow('is no name for a name scope');
      expect(getVariableScope().name).toBe('');
    });
  });

  it('has types that say what it gives', () => {
    const types = () => {
      expectTypeOf(getVariable('a', [2])).toEqualTypeOf<Variable<'float32', Rank>>();
      expectTypeOf(getVariable('a', { shape: [2], dtype: 'int32' })).toEqualTypeOf<Variable<'int32', Rank>>();
      expectTypeOf(getVariable('a', [2], { partitioner })).toEqualTypeOf<PartitionedVariable<'float32'>>();
      expectTypeOf(getVariable<PartitionedVariable<'int64'>>('a', [2])).toEqualTypeOf<PartitionedVariable<'int64'>>();
    };
    expect(types).toBeTypeOf('function');
  });
});

describe('a partitioned variable', () => {
  it('has parts, each of which is a variable of its own', () => {
    inGraph(() => {
      const words = variableScope('net', { partitioner }, () => getVariable<PartitionedVariable>('words', [10, 4]));
      expect(words).toBeInstanceOf(PartitionedVariable);
      expect(String(words)).toBe("PartitionedVariable 'net/words' float32 [10, 4] in 3 parts");
      expect([words.name, words.dtype, words.shape, words.partitions, words.length]).toEqual([
        'net/words',
        'float32',
        [10, 4],
        [3, 1],
        3,
      ]);
      const parts = [...words];
      expect(parts.map(({ name, shape }) => [name, shape])).toEqual([
        ['net/words/part_0:0', [4, 4]],
        ['net/words/part_1:0', [3, 4]],
        ['net/words/part_2:0', [3, 4]],
      ]);
      expect(parts[1]?.saveSliceInfo).toEqual({
        fullName: 'net/words',
        fullShape: [10, 4],
        varOffset: [4, 0],
        varShape: [3, 4],
      });
      expect(trainableVariables()).toEqual(parts);
      const whole = words.asTensor();
      expect(whole.shape).toEqual([10, 4]);
      expect(words.graph).toBe(whole.graph);
    });
  });

  it('begins part by part: a function is told which, a value is cut', () => {
    inGraph(() => {
      const told: unknown[] = [];
      getVariable('a', [5, 2], {
        partitioner,
        initializer: (shape, dtype, part) => {
          told.push([shape, dtype, part]);
          return zeros(shape);
        },
      });
      expect(told[1]).toEqual([[2, 2], 'float32', { fullShape: [5, 2], varOffset: [2, 0] }]);
      const b = getVariable('b', {
        partitioner: fixedSizePartitioner(2, 1),
        initializer: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      });
      const session = new Session();
      session.runSync(globalVariablesInitializer());
      const [first, second] = session.runSync([...b]) as { data: Float32Array }[];
      expect([[...first!.data], [...second!.data]]).toEqual([
        [1, 2, 4, 5],
        [3, 6],
      ]);
      expect(session.runSync(b.asTensor())).toMatchObject({ data: new Float32Array([1, 2, 3, 4, 5, 6]) });
    });
  });

  it('is looked up in by consecutive rows, and is whole in the order of its rows', () => {
    inGraph(() => {
      const rows = Array.from({ length: 10 }, (_, i) => [i, 10 * i]);
      const table = getVariable('table', { initializer: rows, partitioner });
      const found = embeddingLookup(
        table,
        [
          [9, 0],
          [3, 4],
        ],
        { partitionStrategy: 'div' },
      );
      const session = new Session();
      session.runSync(globalVariablesInitializer());
      expect((session.runSync(found) as { toArray(): unknown }).toArray()).toEqual([
        [rows[9], rows[0]],
        [rows[3], rows[4]],
      ]);
    });
  });

  it('is given again where it is divided the same way, or nothing is said of that', () => {
    inGraph(() => {
      const make = (how?: Partitioner) => getVariable<PartitionedVariable>('w', [10, 4], { partitioner: how });
      const words = make(partitioner);
      expect(() => make(partitioner)).toThrow(AlreadyExistsError);
      expect(() => getVariable('w', [10, 4])).toThrow("there is a variable 'w' in parts");
      variableScope(getVariableScope(), { reuse: true }, () => {
        expect(make(partitioner)).toBe(words);
        expect(getVariable<PartitionedVariable>('w')).toBe(words);
        expect(() => make(fixedSizePartitioner(2))).toThrow('is divided into [ 3, 1 ], not into [ 2, 1 ]');
      });
    });
  });

  it('is made of its own parts alone', () => {
    inGraph(() => {
      const words = getVariable('w', [10, 4], { partitioner });
      const make = (name: string, parts = [...words]) =>
        new PartitionedVariable(name, [10, 4], 'float32', parts, [3, 1]);
      expect(make('w').length).toBe(3);
      expect(() => make('v')).toThrow("is no part of a variable 'v' of shape [10, 4]");
      expect(() => make('w', [])).toThrow("the variable 'w' has no parts");
      expect(getVariable('scalar', [], { partitioner })).not.toBeInstanceOf(PartitionedVariable);
    });
  });
});
