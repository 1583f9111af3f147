import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import * as mnist from '../../mnist';
import { jupyterDisplay, type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import { Graph } from '../../tf/graph/graph';
import { placeholder } from '../../tf/ops/constants';
import { neg } from '../../tf/ops/elementwise';
import { globalVariablesInitializer } from '../../tf/ops/variables';
import { device } from '../../tf/scopes';
import { mergeAll } from '../../tf/summary/builders';
import { Saver } from '../../tf/train/saver';
import { graphView } from './graphView';

/** The training program of the article. */
function trainingGraph(): Graph {
  const graph = new Graph();
  graph.asDefault(() => {
    const [images, labels] = mnist.placeholderInputs(100);
    const logits = mnist.inference(images, 128, 32);
    mnist.training(mnist.loss(logits, labels), 0.01);
    mnist.evaluation(logits, labels);
    mergeAll();
    globalVariablesInitializer();
    new Saver();
  });
  return graph;
}

const host = { resources: 'files/tf-mechanics' } as NotebookHost;
const htmlOf = (view: ReturnType<typeof graphView>) => view[jupyterDisplay]()['text/html'] as string;
const stillOf = (html: string) =>
  Buffer.from(/src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)?.[1] ?? '', 'base64').toString();

afterEach(() => setNotebookHost(undefined));

describe('graphView', () => {
  it('shows the structure of the MNIST net at first sight', () => {
    const view = graphView(trainingGraph());
    const labels = [...view.toSvg().matchAll(/<text x=[^>]*>([^<]*)</g)].map(([, label]) => label);
    expect(labels.sort()).toEqual(
      [
        ...['images', 'labels', 'hidden1', 'hidden2', 'softmax_linear', 'xentropy', 'xentropy_mean'],
        ...['in_top_k', 'Cast', 'Sum', 'gradients', 'GradientDescent', 'global_step', 'loss', 'Merge', 'init', 'save'],
      ].sort(),
    );
    expect(view.toSvg()).toContain('>100×128<');
  });

  it('lets nothing stand between the gradients and the model', () => {
    const svg = graphView(trainingGraph()).toSvg();
    const leftOf = (label: string) => Number(new RegExp(`<text x="([\\d.]+)"[^>]*>${label}<`).exec(svg)?.[1]);
    expect(leftOf('gradients')).toBeLessThan(leftOf('global_step'));
  });

  it('prints as a tree', () => {
    const text = String(graphView(trainingGraph(), { expand: ['hidden1'] }));
    expect(text).toMatch(/^Graph: \d+ operations\n {2}images {2}Placeholder float32 100×784\n/);
    expect(text).toContain('\n  hidden1/  16 operations\n    weights  VariableV2 float32 784×128\n');
    expect(text).toContain('\n    Relu  Relu float32 100×128\n  hidden2/  16 operations\n');
  });

  it('is a still picture, and the data from which the page draws, in little room', () => {
    setNotebookHost(host);
    const html = htmlOf(graphView(trainingGraph()));
    expect(html.length).toBeLessThan(30_000);
    expect(stillOf(html)).toMatch(/^<svg .*hidden1.*<\/svg>$/);
    const { gzip } = JSON.parse(/\{"gzip":.*?\}(?=\))/.exec(html)![0]);
    const operations = JSON.parse(gunzipSync(Buffer.from(gzip, 'base64')).toString());
    expect(operations.find(({ name }: { name: string }) => name === 'hidden1/MatMul')).toEqual({
      name: 'hidden1/MatMul',
      type: 'MatMul',
      inputs: ['images:0', 'hidden1/weights/read:0'],
      controlInputs: [],
      outputs: [{ dtype: 'float32', shape: [100, 128] }],
      attributes: { T: 'float32', transpose_a: 'false', transpose_b: 'false' },
      device: '',
      site: expect.stringMatching(/graphView\.test\.ts:\d+:\d+$/),
    });
  });

  it('opens scopes by level and by name', () => {
    const graph = trainingGraph();
    expect(graphView(graph, { depth: 1 }).toString()).toContain('\n    update_hidden1/  2 operations\n');
    expect(graphView(graph, { expand: ['gradients/hidden1'] }).toString()).toContain('\n      MatMul_grad/ ');
  });

  it('tells by colours, and in its text, which device was asked for', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const x = device('/job:ps/task:0', () => placeholder('float32', [], { name: 'x' }));
      device('/job:worker/task:1', () => neg(x));
    });
    const view = graphView(graph, { colorBy: 'device' });
    expect(String(view)).toBe(
      [
        ...['Graph: 2 operations', '  /job:ps/task:0  1 operation', '    x  Placeholder float32 scalar'],
        ...['  /job:worker/task:1  1 operation', '    Neg  Neg float32 scalar'],
      ].join('\n'),
    );
    expect(view.toSvg()).toContain('>− /job:ps/task:0</text>');
    expect(graphView(graph).toSvg()).not.toContain('/job:ps');
  });

  it('opens a scope on every device that has some of it', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      for (const name of ['/cpu:0', '/gpu:0'])
        device(name, () =>
          graph.nameScope('layer/', () => {
            for (let i = 0; i < 2; i++) neg(placeholder('float32', []));
          }),
        );
    });
    const view = graphView(graph, { colorBy: 'device', expand: ['layer'] });
    expect(String(view).match(/ {6}Neg/g)).toHaveLength(4);
    expect(() => graphView(graph, { colorBy: 'device', expand: ['other'] })).toThrow("at its top it has 'layer'");
  });

  it('draws a part', () => {
    const view = graphView(trainingGraph(), { scope: 'hidden2' });
    expect(view.toString()).toMatch(/^Graph: 16 operations\n {2}hidden2\//);
    expect(view.toSvg()).toContain('>weights<');
  });

  it('draws the default graph when it is given none', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      neg(placeholder('float32', [], { name: 'x' }));
      expect(graphView().toString()).toBe(
        'Graph: 2 operations\n  x  Placeholder float32 scalar\n  Neg  Neg float32 scalar',
      );
    });
  });

  it('says what is wrong with its options', () => {
    const graph = trainingGraph();
    expect(() => graphView(graph, { expand: ['hidden3'] })).toThrow(
      "the graph has no scope 'hidden3'; at its top it has 'hidden1', 'hidden2'",
    );
    expect(() => graphView(graph, { scope: 'hidden3' })).toThrow("the graph has no scope 'hidden3'");
    expect(() => graphView(graph, { depth: -1 })).toThrow('depth is a number of levels, 0 or more, got -1');
    expect(() => graphView(graph, { direction: 'left' as 'down' })).toThrow("got 'left'");
    expect(() => graphView(graph, { colorBy: 'job' as 'device' })).toThrow(
      "colorBy is 'structure' or 'device', got 'job'",
    );
  });

  it('draws a graph of thousands of operations in little room and time, and says what it leaves out', () => {
    setNotebookHost(host);
    const graph = new Graph();
    graph.asDefault(() => {
      const x = placeholder('float32', [], { name: 'x' });
      for (let scope = 0; scope < 103; scope++)
        graph.nameScope('block', () => {
          for (let i = 0; i < 50; i++) neg(x);
        });
    });
    const view = graphView(graph, { depth: 3 });
    const begin = performance.now();
    expect(htmlOf(view).length).toBeLessThan(200_000);
    expect(performance.now() - begin).toBeLessThan(3000);
    expect(view.toString()).toMatch(/^Graph: 5,000 operations\n/);
    expect(view.toString().split('\n').length).toBeLessThan(250);
    expect(view.toString()).toMatch(
      /The first 5,000 operations of 5,151\. Draw a part with graphView\(graph, \{ scope: '…' \}\)\.$/,
    );
  });
});
