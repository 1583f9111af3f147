import { describe, expect, it } from 'vitest';
import { tf } from '../..';
import { apply, applyOne, type Operand } from './apply';

/** What `build` gives, in a graph of its own. */
function value<T extends tf.Tensor>(build: () => T) {
  return new tf.Graph().asDefault(() => {
    const tensor = build();
    const session = new tf.Session();
    if (tf.globalVariables().length > 0) session.runSync(tf.globalVariables()[0]!.initializer);
    return session.runSync(tensor as tf.Tensor) as tf.HostArray;
  });
}

describe('A plain value for an input', () => {
  it('takes a dtype that the definition of the operation allows', () => {
    new tf.Graph().asDefault(() => {
      const x = tf.placeholder('float32', [4, 4]);
      expect(apply('GatherV2', [x, 1, 0]).inputs.map(({ dtype }) => dtype)).toEqual(['float32', 'int32', 'int32']);
      expect(apply('Gather', [x, [1n]]).inputs[1]!.dtype).toBe('int64');
      expect(apply('Cumsum', [x, 1]).inputs[1]!.dtype).toBe('int32');
      expect(apply('ReverseV2', [x, [0]]).inputs[1]!.dtype).toBe('int32');
      expect(apply('Bincount', [[1], 3, [1]]).inputs.map(({ dtype }) => dtype)).toEqual(['int32', 'int32', 'float32']);
      expect(apply('Invert', [[1]]).inputs[0]!.dtype).toBe('int32');
    });
  });

  it('takes the dtype of the one before that shares it', () => {
    new tf.Graph().asDefault(() => {
      expect(applyOne('AddV2', [1n, 2]).dtype).toBe('int64');
      expect(applyOne('Pack', [[1n, 2]]).dtype).toBe('int64');
    });
  });

  it('is named where it is none', () => {
    new tf.Graph().asDefault(() => {
      const make = (...inputs: unknown[]) => apply('AddV2', inputs as Operand[]);
      expect(() => make(null, 1)).toThrow('x: expected numbers, booleans, strings or bytes, got null');
      expect(() => make(tf.constant(1), undefined)).toThrow('y: expected float32, got undefined');
      expect(() => make(tf.constant(1, { dtype: 'int32' }), [0.5])).toThrow('y: expected int32, got 0.5 at [0]');
      expect(() => apply('Pack', [5])).toThrow("'values' of Pack is an array of tensors, not 5");
      expect(() => apply('Assign', [1, 2])).toThrow("'ref' has to be a variable, not 1");
      const itself: Operand[] = [];
      itself.push(itself, itself);
      expect(() => apply('Neg', [itself])).toThrow('contain themselves');
    });
  });
});

describe('reportUninitializedVariables', () => {
  it('names the variables that have no value yet', () => {
    const names = value(() => {
      for (const name of ['a', 'b', 'c']) new tf.Variable(0, { name });
      return tf.reportUninitializedVariables();
    });
    expect((names.data as Buffer[]).map(String)).toEqual(['b', 'c']);
  });
});
