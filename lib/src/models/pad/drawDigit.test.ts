/** The pad as a notebook gets it: in the page, by the session, and as a still. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jupyterDisplay } from '../../runtime/notebookHost';
import { FakeNotebook } from '../../testing/notebook';
import { temporaryFolder } from '../../testing/temporaryFolder';
import * as tf from '../../tf';
import { Convnet } from '..';
import { drawDigit } from '.';
import type { DigitModel } from './digitReader';

const WIDGET = 'application/vnd.jupyter.widget-view+json';
const folder = temporaryFolder('pad-');

let notebook: FakeNotebook;
beforeEach(() => {
  notebook = new FakeNotebook();
});
afterEach(() => notebook.close());

/** A network of one layer, which says the same of all images: that they are a 7. */
function seven(shape: tf.Shape = [null, 784], classes = 10): DigitModel {
  const graph = new tf.Graph();
  return graph.asDefault(() => {
    const images = tf.placeholder('float32', shape);
    const bias = tf.constant(Array.from({ length: classes }, (_, digit) => (digit === 7 ? 5 : 0)));
    const flat = tf.reshape(images, [-1, 784]);
    const logits = tf.add(tf.matmul(flat, tf.zeros([784, classes])), bias) as DigitModel['logits'];
    return { session: new tf.Session({ graph }), images, logits };
  });
}

describe('drawDigit', () => {
  it('is HTML with scripts and network within, and a still that says what the network reads', async () => {
    const bundle = await drawDigit(seven())[jupyterDisplay]();
    expect(Object.keys(bundle)).toEqual(['text/html', 'text/plain']);
    expect(bundle['text/plain']).toBe(
      'A pad to draw digits on. Of a 3 that was drawn before, the network says: 7, 94 % sure.',
    );
    const html = bundle['text/html'] as string;
    expect(html).toMatch(/^<div id="pad-[\w-]+"><img [^>]*alt="A pad [^"]* reads 7, 94 % sure"[^>]*><\/div><script>/);
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    expect(html.split('</script>')).toHaveLength(2);
    expect(html.length).toBeLessThan(80_000);
  });

  it('has TensorFlow.js within where the network is made of other operations', async () => {
    const { session, images, logits } = seven();
    const waves = session.graph.asDefault(() => tf.add(tf.sin(logits), logits)) as DigitModel['logits'];
    const html = (await drawDigit({ session, images, logits: waves })[jupyterDisplay]())['text/html'] as string;
    expect(html).toContain('"zippedScript":"H4s');
    expect(html.length).toBeLessThan(300_000);
  });

  it('speaks Chinese in Chinese notebooks', async () => {
    notebook.close();
    notebook = new FakeNotebook('/notebooks/zh');
    const bundle = await drawDigit(seven(), { via: 'session' })[jupyterDisplay]();
    expect(bundle['text/plain']).toBe('可以画数字的画板。对事先画好的一个 3，网络说：7，把握 94 %。');
    expect(bundle['text/html']).toMatch(/alt="画板，上面画着一个数字；网络读作 7，把握 94 %"/);
    expect(bundle['text/html']).toContain('"language":"zh"');
    expect(notebook.comms[0]!.opening.data.state).toMatchObject({ language: 'zh' });
  });

  it('has a large network within in a byte a weight, so that the notebook stays small', async () => {
    const graph = new tf.Graph();
    const model = graph.asDefault((): DigitModel => {
      const images = tf.placeholder('float32', [null, 784]);
      const weights = new tf.Variable(tf.randomUniform([784, 200], { seed: 1 }));
      const logits = tf.matmul(tf.matmul(images, weights), tf.ones([200, 10])) as DigitModel['logits'];
      return { session: new tf.Session({ graph }), images, logits };
    });
    await model.session.run(graph.asDefault(() => tf.globalVariablesInitializer()));
    const html = (await drawDigit(model)[jupyterDisplay]())['text/html'] as string;
    expect(html).toContain('uint8');
    expect(html.length).toBeLessThan(450_000);
  });

  it.each([[[null, 28, 28]], [[null, 28, 28, 1]], [[1, 784]]] as const)('takes images of %j', async (shape) => {
    expect((await drawDigit(seven([...shape]))[jupyterDisplay]())['text/plain']).toContain(': 7, 94 % sure');
  });

  it('asks the session for what a page draws, and tells what its layers make of it', async () => {
    await using agent = new Convnet({ inputDepth: 3, hidden1Depth: 2, nbUnits: 4, randomSeed: 1, resultDir: folder() });
    const bundle = await drawDigit(agent, { via: 'session' })[jupyterDisplay]();
    expect(Object.keys(bundle)).toEqual([WIDGET, 'text/html', 'text/plain']);
    expect((await agent.digitModel()).session).toBe(agent.session);
    const [page] = notebook.comms;
    const pixels = Array.from({ length: 784 }, (_, at) => at % 256);
    page!.receive({ method: 'custom', content: { question: 1, pixels } });
    await expect.poll(() => page!.sent.length, { timeout: 60_000 }).toBe(1);
    const { data, buffers } = page!.sent[0]!;
    const [said] = await agent.infer(new tf.HostArray('uint8', [1, 784], Uint8Array.from(pixels)));
    const { probabilities, ...told } = data.content as { probabilities: number[] };
    expect(probabilities.map((each) => each.toFixed(5))).toEqual(said!.probabilities.map((each) => each.toFixed(5)));
    expect(told).toMatchObject({ to: 1, layers: [{ shape: [14, 14, 3] }, { shape: [7, 7, 2] }] });
    expect(buffers!.map(({ byteLength }) => byteLength)).toEqual([4 * 14 * 14 * 3, 4 * 7 * 7 * 2]);
  });

  it('tells the page why there is no answer', async () => {
    const model = seven();
    await drawDigit(model, { via: 'session' })[jupyterDisplay]();
    await model.session.close();
    notebook.comms[0]!.receive({ method: 'custom', content: { question: 4, pixels: new Array(784).fill(0) } });
    notebook.comms[0]!.receive({ method: 'custom', content: { question: 'x' } });
    await expect.poll(() => notebook.comms[0]!.sent.length, { timeout: 60_000 }).toBe(1);
    expect(notebook.comms[0]!.sent[0]!.data.content).toMatchObject({
      to: 4,
      problem: expect.stringMatching(/closed/),
    });
  });

  it.each([
    [() => drawDigit(seven(undefined, 12)), /the logits of what reads digits are float32 \[null, 10\]/],
    [() => drawDigit(seven([null, 14, 56])), /the images of what reads digits are float32 \[null, 784\]/],
    [() => drawDigit({ ...seven(), session: undefined } as never), /the session of what reads digits/],
    [() => drawDigit(undefined as never), /what reads digits/],
    [() => drawDigit(seven(), { via: 'wire' as never }), "option 'via' is one of 'page', 'session', not 'wire'"],
  ])('refuses what it can not ask: %#', (make, message) => {
    expect(make).toThrow(message);
  });
});
