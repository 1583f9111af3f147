import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from './errors';
import { onlyOptions } from './options';

interface Options {
  transposeA?: boolean;
  transposeB?: boolean;
  name?: string;
}
const check = (options: unknown) => onlyOptions(options as Options, ['transposeA', 'transposeB', 'name']);

describe('Options', () => {
  it('are given back when all of them are known', () => {
    const options = { transposeA: true, name: undefined };
    expect(check(options)).toBe(options);
    expect(check({})).toEqual({});
  });

  it.each([
    [{ transpose_a: true }, "there is no option 'transpose_a'; did you mean 'transposeA'?"],
    [{ nmae: 'x' }, "there is no option 'nmae'; did you mean 'name'?"],
    [{ targets: 1 }, "there is no option 'targets'; the options are transposeA, transposeB, name"],
  ])('with another one are refused, with a guess: %o', (options, message) => {
    expect(() => check(options)).toThrow(InvalidArgumentError);
    expect(() => check(options)).toThrow(message);
  });

  it.each([null, 5, 'name', [1], new Float32Array(1), Symbol('x')])('are an object, not %o', (options) => {
    expect(() => check(options)).toThrow('options are an object such as { transposeA: … }, not');
  });

  it('are all named where they are checked, or it is a fault of types', () => {
    // @ts-expect-error transposeB is missing
    expect(() => onlyOptions({ transposeB: true } as Options, ['transposeA', 'name'])).toThrow(
      "no option 'transposeB'",
    );
  });
});
