import { describe, expect, expectTypeOf, it } from 'vitest';
import { Summary } from '../../protos';
import type { FloatDType } from '../../runtime/dtypes';
import type { HostArray } from '../../runtime/hostArray';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { constant, placeholder } from '../ops/constants';
import { mul, square, sub } from '../ops/elementwise';
import { IndexedSlices } from '../ops/indexedSlices';
import { gather } from '../ops/indexing';
import { reduceSum } from '../ops/reduce';
import { assign, globalVariablesInitializer, Variable } from '../ops/variables';
import { Session } from '../session';
import { histogram } from '../summary/builders';
import { exponentialDecay, piecewiseConstant } from './decay';
import { createGlobalStep, getGlobalStep, getOrCreateGlobalStep, globalStep } from './globalStep';
import { ExponentialMovingAverage } from './movingAverages';
import type { Optimizer } from './optimizer';
import {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamOptimizer,
  FtrlOptimizer,
  GradientDescentOptimizer,
  MomentumOptimizer,
  RMSPropOptimizer,
} from './optimizers';

function inGraph<T>(build: (graph: Graph) => T): T {
  const graph = new Graph();
  return graph.asDefault(() => build(graph));
}

/** One variable's update, as the papers write it; the state is the rule's own. */
type Rule = (w: number, g: number, step: number) => number;

const rules: [string, () => Optimizer, () => Rule][] = [
  ['gradient descent', () => new GradientDescentOptimizer(0.1), () => (w, g) => w - 0.1 * g],
  [
    'momentum',
    () => new MomentumOptimizer(0.1, 0.9),
    () => {
      let m = 0;
      return (w, g) => {
        m = 0.9 * m + g;
        return w - 0.1 * m;
      };
    },
  ],
  [
    "Nesterov's momentum",
    () => new MomentumOptimizer(0.1, 0.9, { useNesterov: true }),
    () => {
      let m = 0;
      return (w, g) => {
        m = 0.9 * m + g;
        return w - 0.1 * (g + 0.9 * m);
      };
    },
  ],
  [
    'Adagrad',
    () => new AdagradOptimizer(0.1),
    () => {
      let a = 0.1;
      return (w, g) => {
        a += g * g;
        return w - (0.1 * g) / Math.sqrt(a);
      };
    },
  ],
  [
    'Adadelta',
    () => new AdadeltaOptimizer(1, { rho: 0.9, epsilon: 1e-6 }),
    () => {
      let [a, u] = [0, 0];
      return (w, g) => {
        a = 0.9 * a + 0.1 * g * g;
        const d = (g * Math.sqrt(u + 1e-6)) / Math.sqrt(a + 1e-6);
        u = 0.9 * u + 0.1 * d * d;
        return w - d;
      };
    },
  ],
  [
    'RMSProp',
    () => new RMSPropOptimizer(0.1, { momentum: 0.5 }),
    () => {
      let [r, m] = [1, 0];
      return (w, g) => {
        r = 0.9 * r + 0.1 * g * g;
        m = 0.5 * m + (0.1 * g) / Math.sqrt(r + 1e-10);
        return w - m;
      };
    },
  ],
  [
    'centered RMSProp',
    () => new RMSPropOptimizer(0.1, { centered: true, epsilon: 1e-3 }),
    () => {
      let [r, mean] = [1, 0];
      return (w, g) => {
        r = 0.9 * r + 0.1 * g * g;
        mean = 0.9 * mean + 0.1 * g;
        return w - (0.1 * g) / Math.sqrt(r - mean * mean + 1e-3);
      };
    },
  ],
  [
    'Adam',
    () => new AdamOptimizer(0.1),
    () => {
      let [m, v] = [0, 0];
      return (w, g, step) => {
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        const rate = (0.1 * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
        return w - (rate * m) / (Math.sqrt(v) + 1e-8);
      };
    },
  ],
  [
    'FTRL',
    () => new FtrlOptimizer(0.1, { l1RegularizationStrength: 0.01, l2RegularizationStrength: 0.02 }),
    () => {
      let [a, z] = [0.1, 0];
      return (w, g) => {
        const next = a + g * g;
        z += g - ((Math.sqrt(next) - Math.sqrt(a)) / 0.1) * w;
        a = next;
        const sign = Math.sign(z);
        return Math.abs(z) <= 0.01 ? 0 : (sign * 0.01 - z) / (Math.sqrt(a) / 0.1 + 2 * 0.02);
      };
    },
  ],
];

describe('an optimizer', () => {
  it.each(rules)('by %s changes variables as its paper says', (_name, make, makeRule) => {
    inGraph((graph) => {
      const w = new Variable([1, -2, 0.5]);
      const coefficients = placeholder('float32', [3]);
      const loss = reduceSum(mul(square(w), coefficients));
      const trainOp = make().minimize(loss);
      const session = new Session({ graph });
      session.runSync(globalVariablesInitializer());
      const expected = [1, -2, 0.5];
      const scalarRules = expected.map(makeRule);
      for (let step = 1; step <= 5; step++) {
        const c = [step, 0.5, -step];
        session.runSync(trainOp, [[coefficients, c]]);
        for (let i = 0; i < 3; i++) expected[i] = scalarRules[i]!(expected[i]!, 2 * expected[i]! * c[i]!, step);
        const actual = (session.runSync(w) as HostArray<'float32'>).data;
        for (let i = 0; i < 3; i++) expect(actual[i]).toBeCloseTo(expected[i]!, 4);
      }
    });
  });

  it.each<[string, () => Optimizer, string[]]>([
    ['GradientDescent', () => new GradientDescentOptimizer(0.1), []],
    ['Momentum', () => new MomentumOptimizer(0.1, 0.9), ['s/w/Momentum']],
    ['Adagrad', () => new AdagradOptimizer(0.1), ['s/w/Adagrad']],
    ['Adadelta', () => new AdadeltaOptimizer(), ['s/w/Adadelta', 's/w/Adadelta_1']],
    ['RMSProp', () => new RMSPropOptimizer(0.1), ['s/w/RMSProp', 's/w/RMSProp_1']],
    ['RMSProp', () => new RMSPropOptimizer(0.1, { centered: true }), ['s/w/RMSProp', 's/w/RMSProp_1', 's/w/RMSProp_2']],
    ['Adam', () => new AdamOptimizer(), ['beta1_power', 'beta2_power', 's/w/Adam', 's/w/Adam_1']],
    ['Ftrl', () => new FtrlOptimizer(0.1), ['s/w/Ftrl', 's/w/Ftrl_1']],
  ])("named %s has TensorFlow 1's slots, and its operation its name", (name, make, slots) => {
    inGraph((graph) => {
      const w = graph.nameScope('s', () => new Variable([1, 2], { name: 'w' }));
      const trainOp = make().minimize(reduceSum(square(w)));
      expect(trainOp.name).toBe(name);
      const names = graph.getCollection('variables').map(({ op }) => op.name);
      expect(names.filter((variable) => variable !== 's/w').sort()).toEqual(slots);
      expect(graph.getCollection('train_op')).toEqual([trainOp]);
      expect(graph.getCollection('trainable_variables')).toEqual([w]);
    });
  });

  it('counts steps after the update', () => {
    inGraph((graph) => {
      const w = new Variable([1]);
      const step = getOrCreateGlobalStep();
      expect(getGlobalStep()).toBe(step);
      expect(() => createGlobalStep()).toThrow('has a global step already');
      const trainOp = new GradientDescentOptimizer(0.1).minimize(reduceSum(square(w)), { globalStep: step });
      const session = new Session({ graph });
      session.runSync(globalVariablesInitializer());
      session.runSync(trainOp);
      expect(session.runSync(step)).toBe(1n);
      expect(globalStep(session, step)).toBe(1);
    });
  });

  it('trains only the variables it is given, with gradients that may be changed first', () => {
    inGraph((graph) => {
      const [a, b] = [new Variable(1), new Variable(1)];
      const optimizer = new GradientDescentOptimizer(1);
      const pairs = optimizer.computeGradients(mul(a, mul(b, 3)), { varList: [a] });
      expect(pairs.map(([, variable]) => variable)).toEqual([a]);
      const halved = pairs.map(([g, v]) => [mul(g as Tensor<'float32'>, 0.5), v] as const);
      const session = new Session({ graph });
      const trainOp = optimizer.applyGradients(halved);
      session.runSync(globalVariablesInitializer());
      session.runSync(trainOp);
      expect(session.runSync([a, b])).toEqual([-0.5, 1]);
    });
  });

  it('may have a learning rate that changes', () => {
    inGraph((graph) => {
      const w = new Variable(1);
      const rate = placeholder('float32', []);
      const trainOp = new GradientDescentOptimizer(rate).minimize(square(w));
      const session = new Session({ graph });
      session.runSync(w.initializer);
      session.runSync(trainOp, [[rate, 0.25]]);
      expect(session.runSync(w)).toBe(0.5);
    });
  });

  it('says what it cannot train', () => {
    inGraph(() => {
      const optimizer = new GradientDescentOptimizer(0.1);
      expect(() => optimizer.minimize(constant(1))).toThrow('there is no variable to train');
      new Variable(1, { name: 'w' });
      expect(() => optimizer.minimize(constant(1))).toThrow(/depends on none of w:0/);
      expect(() => optimizer.applyGradients([])).toThrow('no variable has a gradient');
      const v = new Variable([1, 2], { name: 'v' });
      expect(() => optimizer.applyGradients([[constant([1, 2, 3]), v]])).toThrow(/the gradient of 'v:0' is/);
      const loss = square(new Variable(1));
      expect(() => new GradientDescentOptimizer('fast' as never).minimize(loss)).toThrow(
        "learning_rate must be a number or a tensor, got 'fast'",
      );
      expect(() => new AdagradOptimizer(0.1, { initialAccumulatorValue: 0 })).toThrow(
        'initialAccumulatorValue must be positive, got 0',
      );
      expect(() => new FtrlOptimizer(0.1, { learningRatePower: 1 })).toThrow('learningRatePower must be zero or less');
    });
  });
});

describe('the variables of an optimizer', () => {
  const namesOf = (optimizer: Optimizer) => optimizer.variables().map(({ name }) => name);
  const train = (optimizer: Optimizer) => {
    const [b, a] = [new Variable([1], { name: 'b' }), new Variable([2], { name: 'a' })];
    return optimizer.minimize(reduceSum(mul(square(a), b)));
  };
  const ADAM = ['a/Adam:0', 'a/Adam_1:0', 'b/Adam:0', 'b/Adam_1:0', 'beta1_power:0', 'beta2_power:0'];

  it('come by name, as in Python', () => {
    const [rms, adam] = [new RMSPropOptimizer(0.1), new AdamOptimizer(0.1)];
    inGraph(() => train(rms));
    inGraph(() => train(adam));
    expect(namesOf(rms)).toEqual(['a/RMSProp:0', 'a/RMSProp_1:0', 'b/RMSProp:0', 'b/RMSProp_1:0']);
    expect(rms.getSlotNames()).toEqual(['momentum', 'rms']);
    expect(namesOf(adam)).toEqual(ADAM);
  });

  it('are those of the default graph where it trains in several, and stay when it comes back to one', () => {
    const adam = new AdamOptimizer(0.1);
    const [first, second] = [new Graph(), new Graph()];
    first.asDefault(() => train(adam));
    second.asDefault(() => {
      train(adam);
      expect(namesOf(adam)).toEqual(ADAM);
      expect(adam.variables().every(({ graph }) => graph === second)).toBe(true);
    });
    first.asDefault(() => {
      const [variable] = first.getCollection('trainable_variables') as Variable<'float32'>[];
      adam.minimize(reduceSum(square(variable!)));
      expect(namesOf(adam)).toEqual(ADAM);
    });
  });
});

describe('a decaying learning rate', () => {
  it('falls exponentially, smoothly or in steps', () => {
    inGraph((graph) => {
      const step = placeholder('int32', []);
      const smooth = exponentialDecay(0.1, step, 10, 0.5);
      const stairs = exponentialDecay(0.1, step, 10, 0.5, { staircase: true });
      const session = new Session({ graph });
      const at = (value: number) => session.runSync([smooth, stairs], [[step, value]]);
      expect(at(0)[0]).toBeCloseTo(0.1);
      expect(at(15)[0]).toBeCloseTo(0.1 * 0.5 ** 1.5);
      expect(at(15)[1]).toBeCloseTo(0.05);
      expect(smooth.name).toBe('ExponentialDecay:0');
      // @ts-expect-error no number
      expect(() => exponentialDecay(0.1, step, true, 0.5)).toThrow('decaySteps is a number or a tensor, not true');
    });
  });

  it('is constant between boundaries', () => {
    inGraph((graph) => {
      const step = placeholder('int64', []);
      const rate = piecewiseConstant(step, [10, 20], [1, 0.5, 0.25]);
      const session = new Session({ graph });
      expect([0, 10, 11, 20, 21].map((value) => session.runSync(rate, [[step, value]]))).toEqual([
        1, 1, 0.5, 0.5, 0.25,
      ]);
      expect(() => piecewiseConstant(step, [10], [1])).toThrow('1 boundaries take 2 values, not 1');
      expect(() => piecewiseConstant(step, [10, 5], [1, 2, 3])).toThrow('boundaries must rise');
    });
  });
});

describe('exponential moving averages', () => {
  it('begin with the initial value and follow the variable', () => {
    inGraph((graph) => {
      const w = new Variable(10, { name: 'w' });
      const averages = new ExponentialMovingAverage(0.9);
      const update = averages.apply([w]);
      const session = new Session({ graph });
      session.runSync(globalVariablesInitializer());
      session.runSync(w.assign(20));
      session.runSync(update);
      const average = averages.average(w)!;
      expect(average.op.name).toBe('w/ExponentialMovingAverage');
      expect(session.runSync(average)).toBeCloseTo(11);
      expect(averages.variablesToRestore([w])).toEqual({ 'w/ExponentialMovingAverage': w });
    });
  });

  it('begin with the value of a variable that has one', () => {
    inGraph((graph) => {
      const w = new Variable(10);
      const averages = new ExponentialMovingAverage(0.9);
      averages.apply([w]);
      const session = new Session({ graph });
      session.runSync(w.assign(50));
      session.runSync(averages.average(w)!.initializer);
      expect(session.runSync(averages.average(w)!)).toBe(50);
    });
  });

  it('follow faster at first where the number of updates is told', () => {
    inGraph((graph) => {
      const w = new Variable(0);
      const averages = new ExponentialMovingAverage(0.99, { numUpdates: 0 });
      const update = averages.apply([w]);
      const session = new Session({ graph });
      session.runSync(globalVariablesInitializer());
      session.runSync(w.assign(10));
      session.runSync(update);
      expect(session.runSync(averages.average(w)!)).toBeCloseTo(9);
    });
  });
});

describe('a table of which rows are looked up', () => {
  const table = [
    [1, 2],
    [3, 4],
  ];

  /** The table and its slots after a step for each batch of ids. */
  function trained(optimizer: Optimizer, batches: readonly (readonly number[])[], { useResource = false } = {}) {
    return inGraph((graph) => {
      const variable = new Variable(table, { name: 'table', useResource });
      const words = placeholder('int32', [null]);
      const trainOp = optimizer.minimize(reduceSum(square(gather(variable, words))));
      const session = new Session({ graph });
      session.runSync(globalVariablesInitializer());
      for (const batch of batches) session.runSync(trainOp, [[words, batch]]);
      const read = (tensor: Tensor) => [...(session.runSync(tensor) as HostArray<'float32'>).data];
      const slots = optimizer.getSlotNames().map((name) => read(optimizer.getSlot(variable, name)!));
      return { rows: read(variable), slots, types: graph.operations.map(({ type }) => type) };
    });
  }

  // What Python's TensorFlow 1 gives.
  it.each<[string, () => Optimizer, string, number[]]>([
    ['gradient descent', () => new GradientDescentOptimizer(0.1), 'ScatterSub', [0.8, 1.6, 2.4, 3.2]],
    ['momentum', () => new MomentumOptimizer(0.1, 0.9), 'SparseApplyMomentum', [0.8, 1.6, 2.4, 3.2]],
    [
      "Nesterov's momentum",
      () => new MomentumOptimizer(0.1, 0.9, { useNesterov: true }),
      'SparseApplyMomentum',
      [0.62, 1.24, 1.86, 2.48],
    ],
    ['Ftrl', () => new FtrlOptimizer(0.1), 'SparseApplyFtrl', [0.7450533, 1.742689, 2.7422438, 3.7420871]],
    ['Adam', () => new AdamOptimizer(0.1), 'ScatterAdd', [0.8329945, 1.8329943, 2.9255865, 3.9255864]],
  ])('is trained by %s as in Python', (_name, optimizer, type, expected) => {
    const { rows, types } = trained(optimizer(), [[0], [1]]);
    expect(types).toContain(type);
    for (const [i, value] of rows.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  });

  it.each<[string, () => Optimizer]>([
    ['momentum', () => new MomentumOptimizer(0.1, 0.9)],
    ['Adagrad', () => new AdagradOptimizer(0.1)],
    ['Adadelta', () => new AdadeltaOptimizer(1)],
    ['RMSProp', () => new RMSPropOptimizer(0.1, { momentum: 0.5 })],
    ['centered RMSProp', () => new RMSPropOptimizer(0.1, { centered: true, momentum: 0.5 })],
    ['Ftrl', () => new FtrlOptimizer(0.1)],
  ])('keeps a row that no batch has, and its slots, to the bit: %s', (_name, optimizer) => {
    const before = trained(optimizer(), []);
    const after = trained(optimizer(), [[0, 0], [0], [0]]);
    expect(after.rows.slice(2)).toEqual(before.rows.slice(2));
    expect(after.rows.slice(0, 2)).not.toEqual(before.rows.slice(0, 2));
    expect(after.slots.map((slot) => slot.slice(2))).toEqual(before.slots.map((slot) => slot.slice(2)));
  });

  it.each<[string, () => Optimizer, string]>([
    ['gradient descent', () => new GradientDescentOptimizer(0.1), 'ResourceScatterAdd'],
    ['momentum', () => new MomentumOptimizer(0.1, 0.9), 'ResourceSparseApplyMomentum'],
    ['Adagrad', () => new AdagradOptimizer(0.1), 'ResourceSparseApplyAdagrad'],
    ['Adadelta', () => new AdadeltaOptimizer(1), 'ResourceSparseApplyAdadelta'],
    ['RMSProp', () => new RMSPropOptimizer(0.1, { momentum: 0.5 }), 'ResourceSparseApplyRMSProp'],
    ['centered RMSProp', () => new RMSPropOptimizer(0.1, { centered: true }), 'ResourceSparseApplyCenteredRMSProp'],
    ['Adam', () => new AdamOptimizer(0.1), 'ResourceScatterAdd'],
    ['Ftrl', () => new FtrlOptimizer(0.1), 'ResourceSparseApplyFtrl'],
  ])('is trained alike as a resource: %s', (_name, optimizer, type) => {
    const batches = [[0, 0], [1], [0]];
    const [reference, resource] = [false, true].map((useResource) => trained(optimizer(), batches, { useResource }));
    expect(resource!.types).toContain(type);
    expect(resource!.types).toContain('ResourceGather');
    expect(resource).toMatchObject({ rows: reference!.rows, slots: reference!.slots });
  });

  it('is changed by the sum of the gradients of one row, not by one after another', () => {
    const { rows } = trained(new AdagradOptimizer(0.1), [[0, 0]]);
    for (const [i, w] of [1, 2].entries())
      expect(rows[i]).toBeCloseTo(w - (0.1 * 4 * w) / Math.sqrt(0.1 + 16 * w * w), 5);
  });

  it("is changed by an optimizer of one's own that takes the gradient as a tensor", () => {
    class Own extends GradientDescentOptimizer {
      protected override applyGradient(gradient: Tensor, variable: Variable) {
        return assign(variable, sub(variable, mul(gradient, 0.05))).op;
      }
    }
    const expected = [0.8, 1.6, 3, 4];
    for (const [i, value] of trained(new Own(0), [[0, 0]]).rows.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  });

  it('has gradients that go into a histogram without more ado', () => {
    inGraph((graph) => {
      const loss = reduceSum(square(gather(new Variable(table), [0, 0])));
      for (const [gradient, { op }] of new AdamOptimizer().computeGradients(loss)) {
        expectTypeOf(gradient).toEqualTypeOf<Tensor<FloatDType> | null>();
        expect(gradient).toBeInstanceOf(IndexedSlices);
        if (gradient) histogram(`${op.name}/gradient`, gradient);
      }
      const session = new Session({ graph });
      session.runSync(globalVariablesInitializer());
      const [summary] = graph.getCollection('summaries');
      const { value } = Summary.decode(session.runSync(summary!));
      expect(value[0]).toMatchObject({ tag: 'Variable/gradient', histo: { num: 4, max: 8 } });
    });
  });
});
