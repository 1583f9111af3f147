import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

const helpers = createRequire(import.meta.url)('./helpers.cjs');

describe('an imported module', () => {
  const compiled = Object.defineProperty({ default: 1, a: 2 }, '__esModule', { value: true });

  it('is itself where it was compiled from an ES module', () => {
    expect([helpers.__importDefault(compiled), helpers.__importStar(compiled)]).toEqual([compiled, compiled]);
  });

  it('is the default export where it is of CommonJS, whose names follow what becomes of them', () => {
    const common = { a: 2 };
    const star = helpers.__importStar(common);
    common.a = 3;
    expect([helpers.__importDefault(common).default, star.default, star.a]).toEqual([common, common, 3]);
  });

  it('lends its names, but for its default and those that there are', () => {
    const exports = { b: 1 };
    helpers.__exportStar({ default: 0, a: 1, b: 2 }, exports);
    expect({ ...exports }).toEqual({ a: 1, b: 1 });
  });
});

describe('what is used within a block', () => {
  const used = (scope, names, order) => {
    for (const [name, kind] of names)
      helpers.__addDisposableResource(scope, { [kind]: () => order.push(name) }, kind === Symbol.asyncDispose);
  };
  const scopeOf = () => ({ stack: [], error: undefined, hasError: false });

  it('is disposed of, the last first', () => {
    const [scope, order] = [scopeOf(), []];
    used(
      scope,
      [
        ['a', Symbol.dispose],
        ['b', Symbol.dispose],
      ],
      order,
    );
    expect(helpers.__addDisposableResource(scope, null, false)).toBe(null);
    expect(helpers.__disposeResources(scope)).toBe(undefined);
    expect(order).toEqual(['b', 'a']);
  });

  it('is waited for', async () => {
    const [scope, order] = [scopeOf(), []];
    used(
      scope,
      [
        ['a', Symbol.dispose],
        ['b', Symbol.asyncDispose],
      ],
      order,
    );
    const ended = helpers.__disposeResources(scope);
    expect(order).toEqual(['b']);
    await ended;
    expect(order).toEqual(['b', 'a']);
  });

  it('fails with the error of the block, of an end, or both', async () => {
    const failing = (isAsync) => ({
      [isAsync ? Symbol.asyncDispose : Symbol.dispose]() {
        throw new Error('end');
      },
    });
    const alone = scopeOf();
    helpers.__addDisposableResource(alone, failing(false), false);
    expect(() => helpers.__disposeResources(alone)).toThrow('end');
    const both = { ...scopeOf(), error: new Error('block'), hasError: true };
    helpers.__addDisposableResource(both, failing(true), true);
    await expect(helpers.__disposeResources(both)).rejects.toMatchObject({
      name: 'SuppressedError',
      error: new Error('end'),
      suppressed: new Error('block'),
    });
    const block = { ...scopeOf(), error: new Error('block'), hasError: true };
    expect(() => helpers.__disposeResources(block)).toThrow('block');
  });

  it('is refused where it can not be disposed of', () => {
    expect(() => helpers.__addDisposableResource(scopeOf(), {}, false)).toThrow(TypeError);
  });
});
