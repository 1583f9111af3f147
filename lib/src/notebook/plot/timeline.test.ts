import { afterEach, describe, expect, it } from 'vitest';
import { jupyterDisplay, type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import { type TracedOperation, tracedStep } from '../../testing/tracedStep';
import { RunMetadata } from '../../tf/session';
import { figureBundle } from '../figure/figureBundle';
import { pageJson } from '../figure/json';
import { palette } from '../figure/theme';
import { timeline } from './timeline';

afterEach(() => setNotebookHost(undefined));

const CPU = '/job:localhost/replica:0/task:0/device:CPU:0';

const step = tracedStep({
  [CPU]: [
    ['[cpu 2.0MB 2.0MB] conv = _MklNativeFusedConv2D(x, w, b)', 0, 4000, 2 ** 21],
    ['loss = Mean(conv)', 4000, 500],
    ['grad/filter = Conv2DBackpropFilter(x, s, g)', 4500, 2500],
    ['grad/input = Conv2DBackpropInput(s, w, g)', 4600, 1000],
  ],
});

describe("a step's timeline", () => {
  it('has a bar an operation, from its start to its end, on rows that tell what ran at the same time', () => {
    const [convolutions, means] = timeline(step).data;
    expect(convolutions).toMatchObject({
      type: 'bar',
      base: [0, 4.5, 4.6],
      x: [4, 2.5, 1],
      y: [0, 0, 1],
      hovertext: [
        '<b>conv</b><br>_FusedConv2D<br>4 ms from 0 µs, 2 MiB allocated',
        '<b>grad/filter</b><br>Conv2DBackpropFilter<br>2.5 ms from 4.5 ms',
        '<b>grad/input</b><br>Conv2DBackpropInput<br>1 ms from 4.6 ms',
      ],
    });
    expect(means).toMatchObject({ base: [4], x: [0.5], y: [0] });
  });

  it('has a colour for a type with its gradients and fused forms, with the share of the time, greatest first', () => {
    expect(timeline(step).data.map(({ name }) => name)).toEqual(['Conv2D 94 %', 'Mean 6 %']);
  });

  it.each([
    ['_FusedMatMul', 'MatMul'],
    ['Relu6Grad', 'Relu6'],
    ['MaxPoolGradV2', 'MaxPool'],
    ['VariableV2', 'Variable'],
    ['ApplyGradientDescent', 'ApplyGradientDescent'],
    ['Conv2D', 'Conv2D'],
    ['_Arg', 'Arg'],
  ])('counts %s as %s', (type, family) => {
    const { data } = timeline(tracedStep({ [CPU]: [[`x = ${type}()`, 0, 1]] }));
    expect(data[0]!.name).toBe(`${family} 100 %`);
  });

  it('has seven colours, and grey for all other types', () => {
    const operations = [...'abcdefghi'].map((letter, i): TracedOperation => [`${letter} = ${letter}()`, i, 9 - i]);
    const names = timeline(tracedStep({ [CPU]: operations })).data.map(({ name }) => name);
    expect(names).toHaveLength(8);
    expect(names.at(-1)).toBe('others 7 %');
  });

  it('says how long the step took and names the devices, with their tasks where there are several', () => {
    const { layout } = timeline(step);
    expect(layout).toMatchObject({
      title: { text: 'A step of 7 ms: 4 operations' },
      xaxis: { title: { text: 'ms since the step began' } },
      yaxis: { ticktext: ['CPU:0', ''] },
    });
    const two = timeline(
      tracedStep({
        [CPU]: [['x = A()', 0, 1]],
        '/job:localhost/replica:0/task:0/device:GPU:0': [['y = B()', 1, 2]],
      }),
    );
    expect(two.data.map(({ y }) => y)).toEqual([[1], [0]]); // B, which took longer, and A
    expect(two.layout).toMatchObject({
      xaxis: { title: { text: 'µs since the step began' } },
      yaxis: { ticktext: ['CPU:0', 'GPU:0'] },
    });
    const tasks = timeline(
      tracedStep({
        '/job:ps/replica:0/task:0/device:CPU:0': [['x = A()', 0, 1]],
        '/job:worker/replica:0/task:0/device:CPU:0': [['y = B()', 1, 2]],
      }),
    );
    expect((tasks.layout.yaxis as { ticktext: string[] }).ticktext[1]).toBe('/job:worker/replica:0/task:0<br>CPU:0');
  });

  it('is a table of the types as text', () => {
    expect(`${timeline(step)}`).toBe(
      [
        'A step of 7 ms: 4 operations',
        'type                    time    share  runs  allocated',
        '_FusedConv2D            4 ms   50.0 %     1      2 MiB',
        'Conv2DBackpropFilter  2.5 ms   31.3 %     1',
        'Conv2DBackpropInput     1 ms   12.5 %     1',
        'Mean                  500 µs    6.3 %     1',
        'all                     8 ms  100.0 %     4      2 MiB',
      ].join('\n'),
    );
  });

  it('stands beside the same table in a page, in milliseconds, with the colours of the bars', async () => {
    setNotebookHost({ resources: 'kernelspecs/ours' } as NotebookHost);
    const figure = timeline(step);
    const html = (await figure[jupyterDisplay]())['text/html'] as string;
    const cells = [...html.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell]) => cell!.replaceAll(/<[^>]*>/g, ''));
    expect(cells.slice(0, 10)).toEqual([
      ...['type', 'ms', 'share', 'runs', 'allocated'],
      ...['_FusedConv2D', '4.000', '50.0 %', '1', '2 MiB'],
    ]);
    expect(cells.slice(-5)).toEqual(['all', '8.000', '100.0 %', '4', '2 MiB']);
    const colors = [...html.matchAll(/height:9px;background:(#\w+)/g)].map(([, color]) => color);
    expect(colors).toEqual([palette[0], palette[0], palette[0], palette[1]]);
  });

  it('has no more than fifteen types in the table', () => {
    const operations = Array.from({ length: 20 }, (_, i): TracedOperation => [`x${i} = T${i}()`, i, 20 - i]);
    const lines = `${timeline(tracedStep({ [CPU]: operations }))}`.split('\n');
    expect(lines).toHaveLength(1 + 1 + 15 + 1);
    expect(lines.at(-2)).toMatch(/^6 others +21 µs +10\.0 % +6$/);
  });

  it('draws the longest operations of many, and stays small', async () => {
    const operations = Array.from(
      { length: 900 },
      (_, i): TracedOperation => [
        `gradients/tower_${i}/hidden/MatMul_grad/MatMul_1 = _MklMatMul(a, b)`,
        10 * i,
        1 + (i % 9),
        99,
      ],
    );
    const figure = timeline(tracedStep({ [CPU]: operations }));
    expect(figure.layout.title?.text).toBe('A step of 9 ms: 900 operations; the longest 250 are drawn');
    expect(Math.min(...(figure.data[0]!.x as number[]))).toBeGreaterThanOrEqual(0.007);
    const { data, layout } = figure;
    const shown = JSON.stringify(await figureBundle(figure, 'timeline')).length + pageJson({ data, layout }).length;
    expect(shown).toBeLessThan(60_000);
  });

  it('needs a traced run and a count', () => {
    expect(() => timeline(new RunMetadata())).toThrow(
      "expected metadata of a traced run: run it with { options: { traceLevel: 'FULL_TRACE' }, runMetadata }",
    );
    expect(() => timeline(step, { count: 0 })).toThrow('expected a positive count, got 0');
  });
});
