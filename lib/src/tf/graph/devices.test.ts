import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../runtime/errors';
import { constant } from '../ops/constants';
import { noOp } from '../ops/control';
import { add, mul } from '../ops/elementwise';
import { Variable } from '../ops/variables';
import { type DeviceFunction, DeviceSpec, type OperationDescription } from './devices';
import { Graph } from './graph';
import type { Tensor } from './tensor';

const inGraph = <T>(build: (graph: Graph) => T): T => {
  const graph = new Graph();
  return graph.asDefault(() => build(graph));
};

/** The devices of one operation in scopes, from the outermost on. */
const deviceIn = (...scopes: (string | DeviceSpec | DeviceFunction | null)[]): string =>
  inGraph((graph) =>
    scopes.reduceRight<() => string>(
      (inner, scope) => () => graph.device(scope, inner),
      () => noOp().device,
    )(),
  );

describe('a device function', () => {
  it('is told of each operation, and decides where it is', () => {
    inGraph((graph) => {
      const seen: OperationDescription[] = [];
      const decide: DeviceFunction = (operation) => {
        seen.push(operation);
        return operation.type === 'Const' ? '/cpu:0' : '/gpu:1';
      };
      const sum = graph.nameScope('s', () => graph.device(decide, () => add(constant([1, 2]), 3)));
      expect(graph.operations.map(({ name, device }) => [name, device])).toEqual(
        [
          ['s/Const', '/device:CPU:0'],
          ['s/add/y', '/device:CPU:0'],
          ['s/add', '/device:GPU:1'],
        ].map(([name, device]) => [name!.replace('add', sum.op.name.slice(2)), device]),
      );
      const last = seen.at(-1)!;
      expect(last).toMatchObject({ type: 'AddV2', device: '', name: sum.op.name, inputs: sum.op.inputs });
      expect(last.attributes).toEqual({ T: 'float32' });
      expect(seen[0]!.attributes).toMatchObject({ dtype: 'float32' });
    });
  });

  it('is asked from the innermost scope outwards, as in Python', () => {
    const told: string[] = [];
    const telling =
      (gives: string): DeviceFunction =>
      ({ device }) => {
        told.push(device);
        return gives;
      };
    expect(deviceIn(telling('/job:ps'), '/cpu:0')).toBe('/job:ps'); // it takes the place of what it was told
    expect(deviceIn(telling('/job:a'), telling('/job:b'))).toBe('/job:a');
    expect(deviceIn('/job:a', telling('/cpu:0'))).toBe('/job:a/device:CPU:0');
    expect(deviceIn('/job:a/task:1', ({ device }) => `${device}/cpu:0`, '/job:b')).toBe('/job:b/task:1/device:CPU:0');
    expect(deviceIn(telling(''), '/cpu:0')).toBe('');
    expect(deviceIn(telling('/job:a'), null, '/cpu:0')).toBe('/device:CPU:0');
    expect(deviceIn(() => new DeviceSpec({ job: 'ps', task: 1 }))).toBe('/job:ps/task:1');
    expect(told).toEqual(['/device:CPU:0', '', '/job:b', '', '/device:CPU:0']);
  });

  it('gives way to colocation', () => {
    inGraph((graph) => {
      const there = graph.device('/job:ps', () => constant(1, { name: 'there' }));
      const copy = graph.device(
        () => '/job:worker',
        () => graph.colocateWith(there, () => constant(2)),
      );
      expect(copy.device).toBe('/job:ps');
      const variable = graph.device(
        ({ type }) => (type === 'VariableV2' ? '/job:ps' : '/job:worker'),
        () => new Variable(1),
      );
      expect(variable.device).toBe('/job:ps');
      expect(variable.initializer.device).toBe('/job:ps');
      expect(variable.value().device).toBe('/job:ps');
    });
  });

  it('that fails is one clear error, and the graph stays as it was', () => {
    const failing: [DeviceFunction, string][] = [
      [
        (() => {
          throw new RangeError('no room');
        }) as DeviceFunction,
        'no room',
      ],
      [
        (() => 5) as unknown as DeviceFunction,
        "gives a device's name for every operation ('' for none, and what it was told to leave it there), not 5",
      ],
      [(() => undefined) as unknown as DeviceFunction, 'not undefined'],
      [(async () => '/cpu:0') as unknown as DeviceFunction, 'not Promise'],
      [() => '/bla:0', "gave what is no device: '/bla:0' is no device: 'bla:0' is none of"],
      [
        () => {
          constant(1);
          return '';
        },
        'a device function only says where an operation runs',
      ],
    ];
    inGraph((graph) => {
      const x = constant(1, { name: 'x' });
      for (const [decide, message] of failing) {
        const build = () => graph.nameScope('s', () => graph.device(decide, () => noOp({ name: 'y' })));
        expect(build).toThrow(message);
        expect(build).toThrow(/building operation 's\/y' \(NoOp\) at .*devices\.test/);
        expect(() => graph.device(decide, () => mul(x, x))).toThrow(message);
        expect(() => graph.device(decide, () => graph.importGraphDef(graph.toGraphDef(), { prefix: 'p' }))).toThrow(
          message,
        );
      }
      expect(graph.operations).toHaveLength(1);
      expect(graph.nameScope('s', () => noOp({ name: 'y' })).name).toBe('s/y');
      const [again] = graph.importGraphDef(graph.toGraphDef(), { prefix: 'p', returnElements: ['x:0'] });
      expect((again as Tensor).name).toBe('p/x:0');
      expect(() => graph.device(failing[0]![0], () => noOp())).toThrow(RangeError);
    });
  });

  it('is asked about variables in spite of colocation, as in Python, and not about what they begin with', () => {
    inGraph((graph) => {
      const first = constant(1);
      const asked: string[] = [];
      const decide: DeviceFunction = ({ name }) => {
        asked.push(name);
        return '/job:ps';
      };
      const build = () => new Variable(() => constant(2, { name: 'two' }), { name: 'slot' });
      const slot = graph.device(decide, () => graph.colocateWith(first, () => graph.initScope(build)));
      expect(asked).toEqual(['slot']);
      expect(slot.device).toBe('/job:ps');
      expect(slot.op.colocationGroups()).toEqual(['loc:@Const']);
      const alone = graph.device(decide, build);
      expect(alone.initialValue?.op.colocationGroups()).toEqual(['loc:@slot_1']);
      expect(alone.initialValue?.device).toBe('');
      const beside = graph.besideFuture('later', () => noOp());
      expect(beside.colocationGroups()).toEqual(['loc:@later']);
    });
  });

  it('may be many things, but nothing else', () => {
    for (const device of [5, {}, Symbol('x'), undefined])
      expect(() => deviceIn(device as never)).toThrow(InvalidArgumentError);
  });

  it('places what is imported too, in the order in which it is added', () => {
    const bytes = inGraph((graph) => {
      const x = graph.device('/cpu:0', () => new Variable([1, 2], { name: 'x' }));
      mul(x, 2, { name: 'y' });
      return graph.toGraphDef();
    });
    inGraph((graph) => {
      const seen: string[] = [];
      const decide: DeviceFunction = ({ name, type, inputs, attributes, device }) => {
        seen.push(`${name} ${type} ${inputs.map((input) => input.name)} ${attributes.dtype ?? attributes.T} ${device}`);
        return new DeviceSpec({ job: type === 'VariableV2' ? 'ps' : 'worker' }).makeMergedSpec(
          DeviceSpec.fromString(device),
        );
      };
      graph.device('/task:1', () => graph.device(decide, () => graph.importGraphDef(bytes, { prefix: 'p' })));
      expect(seen).toEqual([
        'p/x/initial_value Const  float32 /device:CPU:0',
        'p/x VariableV2  float32 /device:CPU:0',
        'p/y/y Const  float32 ',
        'p/y Mul x/read:0,y/y:0 float32 ',
      ]);
      const at = (name: string) => graph.getOperationByName(name).device;
      expect(at('p/x')).toBe('/job:ps/task:1/device:CPU:0');
      expect(at('p/x/Assign')).toBe('/job:ps/task:1/device:CPU:0');
      expect(at('p/x/read')).toBe('/job:ps/task:1/device:CPU:0');
      expect(at('p/y')).toBe('/job:worker/task:1');
    });
  });
});

describe('DeviceSpec', () => {
  it('has the parts of a name', () => {
    const spec = DeviceSpec.fromString('/job:worker/replica:0/task:1/gpu:*');
    expect({ ...spec }).toEqual({ job: 'worker', replica: 0, task: 1, deviceType: 'GPU', deviceIndex: undefined });
    expect(String(spec)).toBe('/job:worker/replica:0/task:1/device:GPU:*');
    expect(String(new DeviceSpec())).toBe('');
    expect(deviceIn(new DeviceSpec({ job: 'ps' }), '/cpu:0')).toBe('/job:ps/device:CPU:0');
  });

  it('is merged part by part, as in Python, and has parts replaced', () => {
    const gpu = new DeviceSpec({ job: 'a', deviceType: 'GPU', deviceIndex: 1 });
    expect(String(gpu.makeMergedSpec(DeviceSpec.fromString('/task:2/cpu:*')))).toBe('/job:a/task:2/device:CPU:1');
    expect(deviceIn('/job:a/gpu:1', '/cpu:*')).toBe('/job:a/device:CPU:1');
    expect(String(gpu.replace({ task: 3, deviceType: undefined }))).toBe('/job:a/task:3');
  });

  it('refuses what no name can have', () => {
    expect(() => new DeviceSpec({ job: 'a/b' })).toThrow('the job of a device is a name');
    expect(() => new DeviceSpec({ task: -1 })).toThrow('the task of a device is a number from 0 on, not -1');
    expect(() => new DeviceSpec({ tsk: 1 } as never)).toThrow("did you mean 'task'");
    expect(() => DeviceSpec.fromString('worker')).toThrow("'worker' is no device");
  });
});
