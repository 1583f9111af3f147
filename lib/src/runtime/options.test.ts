import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from './errors';
import { type Kinds, onlyOptions } from './options';

interface Options {
  transposeA?: boolean;
  transposeB?: boolean;
  gates?: 'none' | 'op';
  seed?: number | null;
  axes?: readonly number[];
  onStep?: (step: number) => void;
  name?: string;
  since?: Date;
  inputs?: Readonly<Record<string, number>>;
}
const kinds = {
  transposeA: 'boolean',
  transposeB: 'boolean',
  gates: ['none', 'op'],
  seed: 'number | null',
  axes: 'array',
  onStep: 'function',
  name: 'string',
  since: Date,
  inputs: 'object',
} as const satisfies Kinds<Options>;
const check = (options: unknown) => onlyOptions(options as Options, kinds);

describe('Options', () => {
  it('are given back when all of them are known', () => {
    const options = { transposeA: true, name: undefined };
    expect(check(options)).toBe(options);
    expect(check({})).toEqual({});
  });

  it.each([
    [{ transpose_a: true }, "there is no option 'transpose_a'; did you mean 'transposeA'?"],
    [{ nmae: 'x' }, "there is no option 'nmae'; did you mean 'name'?"],
    [{ targets: 1 }, "there is no option 'targets'; the options are transposeA, transposeB, gates,"],
  ])('with another one are refused, with a guess: %o', (options, message) => {
    expect(() => check(options)).toThrow(InvalidArgumentError);
    expect(() => check(options)).toThrow(message);
  });

  it.each([null, 5, 'name', [1], new Float32Array(1), Symbol('x')])('are an object, not %o', (options) => {
    expect(() => check(options)).toThrow('options are an object such as { transposeA: … }, not');
  });

  it.each([
    [{ transposeA: 'false' }, "option 'transposeA' is true or false, not 'false'"],
    [{ transposeB: 1 }, "option 'transposeB' is true or false, not 1"],
    [{ gates: 'all' }, "option 'gates' is one of 'none', 'op', not 'all'"],
    [{ seed: '7' }, "option 'seed' is a number or null, not '7'"],
    [{ axes: 'xy' }, "option 'axes' is an array, not 'xy'"],
    [{ axes: null }, "option 'axes' is an array, not null"],
    [{ onStep: {} }, "option 'onStep' is a function, not {}"],
    [{ name: 5 }, "option 'name' is a text, not 5"],
    [{ inputs: 'x' }, "option 'inputs' is an object, not 'x'"],
    [{ inputs: null }, "option 'inputs' is an object, not null"],
    [{ since: '2017' }, "option 'since' is a Date, not '2017'"],
  ])('with a value of another kind are refused: %o', (options, message) => {
    expect(() => check(options)).toThrow(InvalidArgumentError);
    expect(() => check(options)).toThrow(message);
  });

  it.each([
    { gates: 'op', seed: null, axes: [], onStep: () => {}, name: '', since: new Date(0), inputs: {} },
    { seed: Number.NaN },
  ])('of their kinds are taken, whatever else may be wrong with them: %o', (options) => {
    expect(check(options)).toBe(options);
  });

  it('are all named where they are checked, and of the kind of their types, or it is a fault of types', () => {
    // @ts-expect-error transposeB is missing
    const fewer: Kinds<Pick<Options, 'transposeA' | 'transposeB'>> = { transposeA: 'boolean' };
    expect(() => onlyOptions({ transposeB: true }, fewer)).toThrow("no option 'transposeB'");
    // @ts-expect-error a name is a text
    const other: Kinds<{ name?: string }> = { name: 'number' };
    expect(() => onlyOptions({ name: 'x' }, other)).toThrow("option 'name' is a number, not 'x'");
    // @ts-expect-error a gate can't be all
    const more: Kinds<Pick<Options, 'gates'>> = { gates: ['all'] };
    expect(() => onlyOptions({ gates: 'op' } as const, more)).toThrow("one of 'all'");
  });
});
