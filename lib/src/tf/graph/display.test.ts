import { describe, expect, it } from 'vitest';
import { jupyterDisplay } from '../../runtime/notebookHost';
import { placeholder } from '../ops/constants';
import { noOp } from '../ops/control';
import { add } from '../ops/elementwise';
import { Variable } from '../ops/variables';
import { Graph } from './graph';

function example() {
  const graph = new Graph();
  return graph.asDefault(() =>
    graph.nameScope('layer', () => {
      const x = placeholder('float32', [null, 3], { name: 'x' });
      const weights = new Variable([1, 2, 3], { dtype: 'float32', name: 'weights' });
      const sum = graph.device('/cpu:0', () => add(x, weights, { name: 'sum' }));
      const after = graph.controlDependencies([sum], () => noOp({ name: 'after' }));
      return { graph, x, weights, sum, after };
    }),
  );
}

const lineOf = (text: unknown, name: string) =>
  new RegExp(`^  ${name}: (.*(?:\n    .*)*)$`, 'm').exec(String(text))?.[1];

describe('in a notebook', () => {
  it('a tensor says what it is, where it comes from and where it goes', () => {
    const { 'text/plain': text, 'text/html': html } = example().sum[jupyterDisplay]();
    expect(text).toMatch(/^Tensor 'layer\/sum:0' float32 \[\?, 3\]\n/);
    expect(lineOf(text, 'operation')).toBe('AddV2');
    expect(lineOf(text, 'inputs')).toBe('layer/x:0 float32 [?, 3]\n    layer/weights/read:0 float32 [3]');
    expect(lineOf(text, 'device')).toBe('/device:CPU:0');
    expect(lineOf(text, 'built at')).toMatch(/display\.test\.ts:\d+:\d+$/);
    expect(html).toContain('<b>Tensor layer/sum:0</b>');
    expect(html).toContain('>[?, 3]</code>');
  });

  it("a tensor's consumers are told", () => {
    expect(lineOf(example().x[jupyterDisplay]()['text/plain'], 'used by')).toBe('layer/sum AddV2');
  });

  it('an operation says what it takes, waits for, gives, and its attributes', () => {
    const { sum, after, weights } = example();
    const text = sum.op[jupyterDisplay]()['text/plain'];
    expect(text).toMatch(/^Operation 'layer\/sum' AddV2\n/);
    expect(lineOf(text, 'outputs')).toBe('layer/sum:0 float32 [?, 3]');
    expect(lineOf(text, 'attributes')).toBe('T: float32');
    expect(lineOf(after[jupyterDisplay]()['text/plain'], 'waits for')).toBe('layer/sum AddV2');
    const value = weights.initialValue?.op[jupyterDisplay]()['text/plain'];
    expect(lineOf(value, 'attributes')).toContain('value: float32 [3]: 1, 2, 3');
  });

  it('a graph counts its operations, lists its variables and says how to draw it', () => {
    const { graph } = example();
    const { 'text/plain': text, 'text/html': html } = graph[jupyterDisplay]();
    expect(text).toMatch(/^Graph of 7 operations\n/);
    expect(lineOf(text, 'by scope')).toBe('layer/ 7');
    expect(lineOf(text, 'by type')?.split('\n    ')).toContain('VariableV2 1');
    expect(lineOf(text, 'variables')).toBe('layer/weights:0 float32 [3]');
    expect(html).toContain('graphView(graph)');
  });

  it('long lists are cut', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      for (let i = 0; i < 14; i++) graph.nameScope('scope', () => noOp());
    });
    expect(lineOf(graph[jupyterDisplay]()['text/plain'], 'by scope')).toMatch(/\n {4}and 4 more$/);
  });
});
