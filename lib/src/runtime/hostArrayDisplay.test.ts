import { describe, expect, it } from 'vitest';
import { HostArray, toHostArray } from './hostArray';
import { jupyterDisplay } from './notebookHost';

const textOf = (array: HostArray) => (array[jupyterDisplay]()['text/plain'] as string).split('\n');

describe('a host array in a notebook', () => {
  it('is a table of its elements', () => {
    const array = toHostArray([
      [1, 0.1],
      [-2000, 1 / 3],
    ]);
    expect(textOf(array)).toEqual(['HostArray float32 [2, 2]', '    1      0.1', '-2000  0.33333']);
    expect(array[jupyterDisplay]()['text/html']).toMatch(
      /white-space:nowrap">HostArray float32 \[2, 2\].*<tr><td>1<\/td><td>0.1<\/td><\/tr><tr><td>-2000<\/td><td>0.33333<\/td><\/tr><\/table>$/,
    );
  });

  it.each([
    ['a scalar', toHostArray(5), ['HostArray float32 []', '5']],
    ['a vector', toHostArray([1n, 2n]), ['HostArray int64 [2]', '1  2']],
    ['booleans', toHostArray([true, false]), ['HostArray bool [2]', 'true  false']],
    [
      'strings',
      toHostArray(['<a>', 'a very long text indeed']),
      ['HostArray string [2]', '"<a>"  "a very long text…"'],
    ],
    ['nothing', toHostArray([]), ['HostArray float32 [0]']],
    ['no number', toHostArray([Number.NaN]), ['HostArray float32 [1]', 'NaN']],
  ])('shows %s', (_, array, lines) => {
    expect(textOf(array)).toEqual(lines);
  });

  it('leaves out the middle of long dimensions, and all matrices but the first', () => {
    const array = new HostArray(
      'int32',
      [2, 11, 12],
      new Int32Array(264).map((_, i) => i),
    );
    const lines = textOf(array);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('HostArray int32 [2, 11, 12], at [0]');
    expect(lines[1]!.trim().split(/\s+/)).toEqual(['0', '1', '2', '3', '…', '8', '9', '10', '11']);
    expect(lines[9]!.trim().split(/\s+/).at(-1)).toBe('131');
  });

  it('stays small', () => {
    const long = new HostArray('float64', [1000, 1000], new Float64Array(1e6).fill(-1.2345678e-100));
    expect((long[jupyterDisplay]()['text/html'] as string).length).toBeLessThan(4096);
  });

  it('escapes text', () => {
    expect(toHostArray(['<script>'])[jupyterDisplay]()['text/html']).toContain('&lt;script&gt;');
  });
});
