import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jupyterDisplay, jupyterDisplayId } from '../../runtime/notebookHost';
import { FakeNotebook } from '../../testing/notebook';
import { display } from '../display';
import { LiveChart, liveChart } from './liveChart';

let notebook: FakeNotebook;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  notebook = new FakeNotebook();
});
afterEach(() => {
  notebook.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const wait = (ms: number) => vi.advanceTimersByTime(ms);
const hasStill = () => notebook.shown.map(({ data }) => 'image/png' in data);

describe('a live chart', () => {
  it('shows itself at the first step, and then a few times a second in the same place, without stills', async () => {
    const chart = liveChart({ title: 'Training', yLabel: 'loss' });
    expect(chart).toBeInstanceOf(LiveChart);
    expect(notebook.shown).toEqual([]);
    for (let step = 0; step < 1000; step++) {
      await chart.add(step, { loss: 1 / (step + 1) });
      wait(1);
    }
    expect(notebook.shown.length).toBe(4);
    expect(notebook.shown.map(({ update }) => update)).toEqual([false, true, true, true]);
    expect(new Set(notebook.shown.map(({ displayId }) => displayId)).size).toBe(1);
    expect(hasStill()).toEqual([false, false, false, false]);
    expect(notebook.texts.slice(0, 2)).toEqual(['step 0: loss 1', 'step 250: loss 0.003984']);
    expect(notebook.shown[1]!.data['text/html']).toContain('"name":"loss","x":[0,1,2,3');
  });

  it('goes on soon where its first picture took long', async () => {
    vi.spyOn(notebook, 'display').mockImplementationOnce(() => wait(100)); // its code is not fast yet
    const chart = liveChart();
    for (let step = 0; step < 1500; step++) {
      await chart.add(step, { loss: 1 });
      wait(1);
    }
    expect(notebook.texts).toEqual(['step 1000: loss 1', 'step 1250: loss 1']);
  });

  it('has a still and everything added when the cell ends', async () => {
    const chart = liveChart();
    await chart.add(0, { loss: 3 });
    await chart.add(1, { loss: 2 });
    await notebook.endCell();
    expect(hasStill()).toEqual([false, true]);
    expect(notebook.shown[1]!.data['text/html']).toContain('"x":[0,1],"y":[3,2]');
    await notebook.endCell();
    expect(notebook.shown).toHaveLength(2);
  });

  it('is text until it has a still where the page has no script', async () => {
    Object.assign(notebook, { resources: undefined });
    const chart = liveChart();
    await chart.add(0, { loss: 3 });
    await notebook.endCell();
    expect(notebook.shown[0]!.data).toEqual({ 'text/plain': 'step 0: loss 3' });
    expect(notebook.shown[1]!.data['text/html']).toMatch(/^<div id="chart-\d+"><img [^>]*><\/div>$/);
  });

  it('goes on in another cell', async () => {
    const chart = liveChart();
    await chart.add(0, { loss: 3 });
    await notebook.endCell();
    await chart.add(1, { loss: 2 });
    await notebook.endCell();
    expect(hasStill()).toEqual([false, true, true]);
    expect(chart.figure().data).toMatchObject([{ name: 'loss', x: [0, 1], y: [3, 2] }]);
  });

  it('shows itself where it is evaluated, and goes on there, too', async () => {
    const chart = liveChart();
    expect((await chart[jupyterDisplay]())['text/plain']).toBe('no step yet');
    await chart.add(0, { loss: 3 });
    expect(notebook.shown).toMatchObject([{ displayId: chart[jupyterDisplayId], update: true }]);
    await display(chart);
    expect(notebook.shown[1]).toMatchObject({
      displayId: chart[jupyterDisplayId],
      data: { 'text/plain': 'step 0: loss 3' },
    });
    expect(hasStill()).toEqual([false, true]);
  });

  it('has its still after done(), and no other at the end', async () => {
    const chart = liveChart();
    await chart.add(0, { loss: 3 });
    await chart.done();
    await chart.done();
    await notebook.endCell();
    expect(hasStill()).toEqual([false, true]);
  });

  it('takes curves as they come, or in a given order', async () => {
    const chart = liveChart({ series: ['b', 'a'] });
    await chart.add(0, { a: 1, c: 2 });
    await chart.add(5, { b: 3, a: Number.NaN });
    expect(chart.figure().data).toMatchObject([
      { name: 'b', x: [5], y: [3] },
      { name: 'a', x: [0, 5], y: [1, null] },
      { name: 'c', x: [0], y: [2] },
    ]);
  });

  it('has a legend as soon as there is more than one curve', async () => {
    const chart = liveChart();
    await chart.add(0, { loss: 3 });
    expect(chart.figure().layout).toEqual({ xaxis: { title: { text: 'step' } }, yaxis: { title: { text: 'loss' } } });
    await chart.add(1, { accuracy: 0.5 });
    expect(chart.figure().layout).toMatchObject({ yaxis: {}, showlegend: true, hovermode: 'x unified' });
  });

  it('shows the last steps only where it has a window', async () => {
    const chart = liveChart({ window: 3 });
    for (let step = 0; step < 10; step++) await chart.add(step, { loss: step });
    expect(chart.figure().data).toMatchObject([{ x: [7, 8, 9] }]);
  });

  it('sends its points as bytes where a page draws them, and is a picture again at the end', async () => {
    const chart = liveChart({ yLabel: 'loss' });
    for (let step = 0; step < 1000; step++) {
      if (step === 400) notebook.comms[0]!.receive({ method: 'custom', content: { ready: true } });
      await chart.add(step, step % 2 === 0 ? { loss: 1 / (step + 1) } : { loss: Number.NaN, rate: 0.5 });
      wait(1);
    }
    const [page] = notebook.comms;
    expect(notebook.shown.map(({ data }) => 'application/vnd.jupyter.widget-view+json' in data)).toEqual([
      false,
      false,
      true,
    ]);
    expect(page!.sent.map(({ data }) => data.content)).toMatchObject([
      { names: ['loss', 'rate'], all: true },
      { names: ['loss', 'rate'], all: false, layout: { yaxis: { title: { text: 'loss' } } } },
    ]);
    const [steps, losses, rateSteps, rates] = page!.sent[1]!.buffers!.map(({ buffer }) => buffer);
    expect([...new Float64Array(steps as ArrayBuffer)].slice(0, 2)).toEqual([501, 502]);
    expect(new Float32Array(losses as ArrayBuffer)).toHaveLength(250);
    expect([new Float64Array(rateSteps as ArrayBuffer)[0], new Float32Array(rates as ArrayBuffer)[0]]).toEqual([
      501, 0.5,
    ]);
    await notebook.endCell();
    expect(hasStill()).toEqual([false, false, false, true]);
    expect(page!.sent.at(-1)!.data.content).toMatchObject({ all: false });
    // A page that was loaded anew is told all.
    expect(page!.current().data.state).toMatchObject({ points: { names: ['loss', 'rate'], all: true } });
    expect(page!.current().buffers).toHaveLength(4);
  });

  it('sends the points that stand for all where more were added', async () => {
    const chart = liveChart();
    await chart.add(0, { loss: 1 });
    notebook.comms[0]!.receive({ method: 'custom', content: { ready: true } });
    for (let step = 1; step < 20_000; step++) {
      await chart.add(step, { loss: step });
      wait(0.05);
    }
    const { sent } = notebook.comms[0]!;
    expect(sent.length).toBeGreaterThan(2);
    expect(sent.slice(1).map(({ data }) => data.content)).toEqual(
      sent.slice(1).map(() => expect.objectContaining({ all: true })),
    );
    expect(Math.max(...sent.map(({ buffers }) => buffers![0]!.length))).toBeLessThan(8 * 1100);
  });

  it('throws the interrupt, and keeps what was added', async () => {
    const chart = liveChart();
    await chart.add(0, { loss: 3 });
    notebook.interrupt();
    expect(() => chart.add(1, { loss: 2 })).toThrow('interrupted');
    await notebook.endCell();
    expect(notebook.shown.at(-1)!.data['text/html']).toContain('"y":[3,2]');
  });

  it('notices an interrupt that comes while the loop lets others work', async () => {
    const chart = liveChart();
    setImmediate(() => notebook.interrupt());
    const training = async () => {
      for (let step = 0; step < 200; step++) {
        await chart.add(step, { loss: step });
        wait(1);
      }
    };
    await expect(training()).rejects.toThrow('interrupted');
  });

  it('prints a line a second in a terminal, and nothing elsewhere', async () => {
    notebook.close();
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const train = async () => {
      const chart = liveChart();
      for (let step = 0; step < 2500; step++) {
        await chart.add(step, { loss: 2 + step / 10_000 });
        wait(1);
      }
      await chart.done();
    };
    const { isTTY } = process.stdout;
    try {
      process.stdout.isTTY = false;
      await train();
      expect(log).not.toHaveBeenCalled();
      process.stdout.isTTY = true;
      await train();
    } finally {
      process.stdout.isTTY = isTTY;
    }
    expect(log.mock.calls.flat()).toEqual([
      'step 0: loss 2',
      'step 1000: loss 2.1',
      'step 2000: loss 2.2',
      'step 2499: loss 2.25',
    ]);
  });
});

it('a live chart has points where it is told to', async () => {
  const chart = liveChart({ points: ['trial'] });
  await chart.add(0, { trial: 0.9, best: 0.9 });
  expect(chart.figure().data.map(({ mode }) => mode)).toEqual(['markers', 'lines']);
});

describe('a smoothed live chart', () => {
  it('has each curve, and pale behind it its values', async () => {
    const chart = liveChart({ smoothing: 0.5, series: ['a', 'b'] });
    await chart.add(0, { a: 4, b: 1 });
    await chart.add(1, { a: 0, b: 1 });
    const { data, layout } = chart.figure();
    expect(data).toMatchObject([
      { name: 'a', y: [4, 0], showlegend: false, hoverinfo: 'skip', opacity: 0.35 },
      { name: 'b', y: [1, 1] },
      { name: 'a', line: { width: 2.5 } },
      { name: 'b', y: [1, 1] },
    ]);
    const [first, second] = data[2]!.y as [number, number];
    expect([first, second]).toEqual([4, (4 * 0.25 + 0) / 0.75]); // the start isn't drawn to zero
    const colorsOf = (trace: number) => (data[trace]!.line as { color: string }).color;
    expect([colorsOf(0), colorsOf(1)]).toEqual([colorsOf(2), colorsOf(3)]);
    expect(colorsOf(0)).not.toBe(colorsOf(1));
    expect(layout.showlegend).toBe(true);
  });

  it('says the values themselves, and is named after one curve', async () => {
    const chart = liveChart({ smoothing: 0.9 });
    await chart.add(0, { loss: 2 });
    expect(chart.figure().layout.yaxis).toEqual({ title: { text: 'loss' } });
    expect(notebook.texts).toEqual(['step 0: loss 2']);
  });

  it('is smoothed from 0 to below 1', () => {
    expect(() => liveChart({ smoothing: 1 })).toThrow('expected a smoothing from 0 to below 1, got 1');
  });
});
