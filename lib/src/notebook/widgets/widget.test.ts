import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { tf } from '../..';
import { jupyterDisplay } from '../../runtime/notebookHost';
import { FakeNotebook } from '../../testing/notebook';
import { widget } from './widget';

let notebook: FakeNotebook;
beforeEach(() => {
  notebook = new FakeNotebook();
});
afterEach(() => notebook.close());

const esm = 'export default { render() {} }';

function shown<S extends object>(state: S) {
  const made = widget({ esm, css: 'b { color: red }', state });
  made[jupyterDisplay]();
  return { made, page: notebook.comms.at(-1)! };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a widget', () => {
  it('has its module, its style sheet and its values in the page', () => {
    const { made, page } = shown({ count: 0, title: 'a' });
    expectTypeOf(made.state).toEqualTypeOf<{ count: number; title: string }>();
    expect(page.opening.data.state).toMatchObject({ _esm: esm, _css: 'b { color: red }', count: 0, title: 'a' });
    made.state.count++;
    made.set({ count: 5, title: 'b' });
    expect(page.sent.map(({ data }) => data.state)).toEqual([{ count: 1 }, { count: 5, title: 'b' }]);
    expect(inspect(made.state)).toBe("{ count: 5, title: 'b' }");
    expect(made[jupyterDisplay]()['text/plain']).toBe(
      "{ count: 5, title: 'b' }\nTo see it alive, install anywidget where Jupyter runs: pip install anywidget",
    );
  });

  it('sends arrays as bytes, wherever they are in its values, and has them back as what they were', async () => {
    const { made, page } = shown({
      points: new Float32Array([1, 2]),
      nested: { list: [new Int16Array([3]), 'x'], big: new BigInt64Array([4n]) },
      buffer: new ArrayBuffer(2),
    });
    expect(page.opening.data).toMatchObject({
      state: { points: null, nested: { list: [null, 'x'], big: null }, buffer: null },
      buffer_paths: [['points'], ['nested', 'list', 0], ['nested', 'big'], ['buffer']],
    });
    expect(page.opening.buffers!.map(({ length }) => length)).toEqual([8, 2, 8, 2]);
    expect(page.opening.buffers![0]).toEqual(new Uint8Array(new Float32Array([1, 2]).buffer));

    const changes: unknown[] = [];
    made.onChange((_, changed) => changes.push(changed));
    const bytes = new Uint8Array([0, ...new Uint8Array(new Float32Array([7, 8, 9]).buffer)]).subarray(1); // not where floats begin
    page.update({ points: null, buffer: null }, [['points'], ['buffer']], [bytes, new Uint8Array([5])]);
    expect(made.state.points).toEqual(new Float32Array([7, 8, 9]));
    expect(made.state.buffer).toEqual(new Uint8Array([5]).buffer);
    await settled();
    expect(changes).toEqual([['points', 'buffer']]);
  });

  it('sends a part of a larger array only', () => {
    const { page } = shown({ part: new Uint8Array([1, 2, 3, 4]).subarray(1, 3) });
    expect(page.opening.buffers).toEqual([new Uint8Array([2, 3])]);
  });

  it('sends arrays of TensorFlow with their shape', () => {
    const { page } = shown({ batch: tf.hostArray([[1, 2]], 'float32') });
    expect(page.opening.data.state).toMatchObject({ batch: { dtype: 'float32', shape: [1, 2], data: null } });
    expect(page.opening.buffers).toEqual([new Uint8Array(new Float32Array([1, 2]).buffer)]);
  });

  it('takes arrays of a page that leaves their places out of the values, as JupyterLab does', () => {
    const { made, page } = shown({ points: new Float32Array([1]), lists: [{ row: new Uint8Array(1) }] });
    page.update({}, [['points']], [new Uint8Array(new Float32Array([10, 20]).buffer)]);
    page.update({ lists: [{}] }, [['lists', 0, 'row']], [new Uint8Array([7])]);
    expect(made.state).toEqual({ points: new Float32Array([10, 20]), lists: [{ row: new Uint8Array([7]) }] });
  });

  it('survives buffers that belong nowhere', () => {
    const { made, page } = shown({ points: new Float32Array([1]), n: 1 });
    for (const paths of [
      null,
      'x',
      [null],
      [[]],
      [['nobody']],
      [['__proto__', 'x']],
      [['points', 'x', 'y']],
      [['n', 0]],
    ])
      page.update({ n: 2 }, paths, [new Uint8Array(4)]);
    page.update({ points: null }, [['points']], []);
    page.update({ points: null }, [['points']], [new Uint8Array(3)]);
    expect(made.state.n).toBe(2);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('takes messages one after the other, and sends them with arrays', async () => {
    const { made, page } = shown({});
    const got: unknown[] = [];
    made.onMessage(async (content, buffers) => {
      await settled();
      got.push([content, buffers.map((buffer) => [...buffer])]);
    });
    page.receive({ method: 'custom', content: { n: 1 } }, [new Uint8Array([1])]);
    page.receive({ method: 'custom', content: 'two' });
    for (let i = 0; i < 6; i++) await settled();
    expect(got).toEqual([
      [{ n: 1 }, [[1]]],
      ['two', []],
    ]);
    made.send({ hello: true }, [new Float32Array([1])]);
    expect(page.sent.at(-1)!.data).toEqual({ method: 'custom', content: { hello: true } });
    expect(page.sent.at(-1)!.buffers![0]).toHaveLength(4);
    expect(() => made.send({ array: new Float32Array(1) })).toThrow('arrays go beside a message');
    made.close();
    expect(page.closed).toBe(true);
    made.send('nobody is there');
  });

  it('is refused with what is wrong', () => {
    expect(() => widget({} as never)).toThrow('the module of a widget is a text, not undefined');
    expect(() => widget({ esm, state: { _esm: 1 } })).toThrow("don't begin with '_', as _esm does");
    expect(() => widget({ esm, state: { a: { f: () => 1 } } })).toThrow("a page can't be told a.f: it is a function");
    expect(() => widget({ esm, state: { n: 1n } })).toThrow("a page can't be told n: it is a bigint");
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(() => widget({ esm, state: { circle } })).toThrow('it has itself in it');
    const made = widget({ esm, state: { n: 1 as unknown } });
    expect(() => made.set({ m: 1 } as never)).toThrow('the widget has no value m; it has n');
    expect(() => {
      made.state.n = Symbol('s');
    }).toThrow('it is a symbol');
    expect(made.state.n).toBe(1);
  });
});
