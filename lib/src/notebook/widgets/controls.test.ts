import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { jupyterDisplay, type MimeBundle, setNotebookHost } from '../../runtime/notebookHost';
import { FakeNotebook } from '../../testing/notebook';
import { button } from './button';
import { checkbox } from './checkbox';
import { choice } from './choice';
import { type Button, controls } from './controls';
import { output } from './output';
import { slider } from './slider';
import { text } from './text';

let notebook: FakeNotebook;
beforeEach(() => {
  vi.useFakeTimers();
  notebook = new FakeNotebook();
});
afterEach(() => {
  notebook.close();
  vi.useRealTimers();
});

const some = () =>
  controls({
    learningRate: slider(1e-4, 1, { log: true, value: 0.01 }),
    hidden: choice([32, 64, 128], { label: 'hidden units' }),
    name: text('run'),
    fast: checkbox(true),
    run: button('Train'),
  });

/** Controls that a page shows, and the page's end. */
function shown() {
  const panel = some();
  const bundle = panel[jupyterDisplay]() as MimeBundle;
  return { panel, bundle, page: notebook.comms[0]! };
}

const rest = (ms = 100) => vi.advanceTimersByTimeAsync(ms);

describe('controls', () => {
  it('have the types of their values', () => {
    const panel = some();
    expectTypeOf(panel.learningRate).toEqualTypeOf<number>();
    expectTypeOf(panel.hidden).toEqualTypeOf<32 | 64 | 128>();
    expectTypeOf(panel.name).toEqualTypeOf<string>();
    expectTypeOf(panel.fast).toEqualTypeOf<boolean>();
    expectTypeOf(panel.run).toEqualTypeOf<Button>();
    panel.onChange((values, changed) => {
      expectTypeOf(values.hidden).toEqualTypeOf<32 | 64 | 128>();
      expectTypeOf(changed).toEqualTypeOf<readonly ('learningRate' | 'hidden' | 'name' | 'fast')[]>();
    });
    expectTypeOf(choice(['a', 'b'], { value: 'b' }).value).toEqualTypeOf<'a' | 'b'>();
    // @ts-expect-error: it isn't among them
    expect(() => choice(['a', 'b'], { value: 'c' })).toThrow("the value of a choice is one of 'a', 'b', not 'c'");
  });

  it('are values by name, which begin where they are told or at the first, the middle or nothing', () => {
    expect(some().values).toEqual({ learningRate: 0.01, hidden: 32, name: 'run', fast: true });
    expect(slider(0, 10).value).toBe(5);
    expect(slider(1e-4, 1, { log: true }).value).toBe(0.01);
    expect([checkbox().value, text().value]).toEqual([false, '']);
    expect(inspect(some())).toBe("{ learningRate: 0.01, hidden: 32, name: 'run', fast: true }");
  });

  it('are shown by anywidget, and as text with how to get it elsewhere', () => {
    const { bundle, page } = shown();
    expect(bundle['application/vnd.jupyter.widget-view+json']).toEqual({
      model_id: page.id,
      version_major: 2,
      version_minor: 0,
    });
    expect(bundle['text/plain']).toBe(`learningRate: 0.01
hidden units: 32
name: run
fast: true
To move these, install anywidget where Jupyter runs: pip install anywidget`);
    expect(bundle['text/html']).toMatch(/<table>.*hidden units.*32.*pip install anywidget/s);
    expect([page.target, page.metadata]).toEqual(['jupyter.widget', { version: '2.1.0' }]);
    expect(page.opening.data.state).toMatchObject({
      _model_module: 'anywidget',
      _model_name: 'AnyModel',
      _view_name: 'AnyView',
      _esm: expect.stringContaining('export'),
      controls: expect.arrayContaining([
        { name: 'learningRate', label: 'learningRate', kind: 'slider', min: 1e-4, max: 1, step: 0.01, log: true },
        { name: 'run', kind: 'button', label: 'Train' },
      ]),
      'value.hidden': 32,
    });
  });

  it('are the same where a page shows them twice, or is loaded anew', () => {
    const { panel, page } = shown();
    panel[jupyterDisplay]();
    expect(notebook.comms).toHaveLength(1);
    panel.hidden = 128;
    expect(page.current().data.state).toMatchObject({ 'value.hidden': 128 });
    page.receive({ method: 'request_state' });
    expect(page.sent.at(-1)!.data).toMatchObject({
      method: 'update',
      state: { 'value.hidden': 128, _model_name: 'AnyModel' },
    });
  });

  it('move in the page when the program sets them', () => {
    const { panel, page } = shown();
    panel.learningRate = 0.1;
    expect(page.sent.map(({ data }) => data)).toEqual([
      { method: 'update', state: { 'value.learningRate': 0.1 }, buffer_paths: [] },
    ]);
    expect(() => {
      panel.learningRate = 2;
    }).toThrow('learningRate is a number from 0.0001 to 1, not 2');
    expect(panel.learningRate).toBe(0.1);
  });

  it('have what the page sets at once, and tell it to other pages', () => {
    const { panel, page } = shown();
    page.update({ 'value.learningRate': 0.5, _view_count: 1, layout: null });
    expect(panel.learningRate).toBe(0.5);
    expect(page.sent.map(({ data }) => data)).toEqual([
      { method: 'echo_update', state: { 'value.learningRate': 0.5 }, buffer_paths: [] },
    ]);
  });

  it('refuse what no page can mean, and tell it what holds', () => {
    const { panel, page } = shown();
    for (const value of ['0.5', null, Number.NaN, 7, [], {}]) page.update({ 'value.learningRate': value });
    page.update({
      'value.hidden': '32',
      'value.fast': 'yes',
      'value.name': 'x'.repeat(200_000),
      controls: [],
      toString: 1,
    });
    page.receive({ method: 'update', state: null });
    page.receive({ method: 'toString', state: {} });
    page.receive({ method: 'custom', content: null });
    page.receive({ method: 'custom', content: { click: 'learningRate' } });
    page.receive({});
    expect(panel.values).toEqual({ learningRate: 0.01, hidden: 32, name: 'run', fast: true });
    expect(page.sent.at(-1)!.data).toEqual({
      method: 'update',
      state: { 'value.hidden': 32, 'value.fast': true, 'value.name': 'run' },
      buffer_paths: [],
    });
  });

  it('call back when the page has been at rest, with the values and the names of those that have changed', async () => {
    const { panel, page } = shown();
    const calls: unknown[] = [];
    panel.onChange(({ learningRate }, changed) => calls.push([learningRate, changed]), { debounce: 50 });
    for (let i = 1; i <= 20; i++) {
      page.update({ 'value.learningRate': i / 20 });
      await rest(10);
    }
    page.update({ 'value.hidden': 64, 'value.learningRate': 1 });
    expect(calls).toEqual([]);
    await rest(50);
    expect(calls).toEqual([[1, ['learningRate', 'hidden']]]);
    page.update({ 'value.hidden': 64 });
    panel.hidden = 128;
    await rest();
    expect(calls).toHaveLength(1);
  });

  it('call back once at a time: a call under way is aborted, and the newest begins when it has ended', async () => {
    const { panel, page } = shown();
    const events: string[] = [];
    panel.onChange(
      async ({ hidden }, _, signal) => {
        events.push(`begin ${hidden}`);
        signal.addEventListener('abort', () => events.push(`abort ${hidden}`));
        await new Promise((resolve) => setTimeout(resolve, 1000));
        events.push(`end ${hidden}`);
        signal.throwIfAborted();
      },
      { debounce: 0 },
    );
    for (const hidden of [64, 128, 32, 64]) {
      page.update({ 'value.hidden': hidden });
      await rest(10);
    }
    await rest(3000);
    expect(events).toEqual(['begin 64', 'abort 64', 'end 64', 'begin 64', 'end 64']);
    expect(notebook.printed).toEqual([]);
  });

  it('tell the error of a callback, and call back again', async () => {
    const { panel, page } = shown();
    panel.run.onClick(() => {
      throw new RangeError('no data');
    });
    for (let i = 0; i < 2; i++) {
      page.receive({ method: 'custom', content: { click: 'run' } });
      await rest();
    }
    expect(notebook.printed).toEqual(['The callback of run: no data', 'The callback of run: no data']);
  });

  it('call back what was said last', async () => {
    const { panel, page } = shown();
    const calls: string[] = [];
    for (const name of ['first', 'second']) {
      panel.run.onClick(() => calls.push(`${name} click`));
      panel.onChange(() => calls.push(`${name} change`));
    }
    page.receive({ method: 'custom', content: { click: 'run' } });
    page.update({ 'value.fast': false });
    await rest();
    expect(calls).toEqual(['second click', 'second change']);
  });

  it('are values alone in a plain program, which nothing is said of', async () => {
    notebook.close();
    const log = vi.spyOn(console, 'log');
    const panel = some();
    panel.onChange(() => console.log('never'));
    panel.run.onClick(() => console.log('never'));
    panel.hidden = 64;
    expect(panel.hidden).toBe(64);
    await rest(1000);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  it('are text where the kernel is of an earlier version', () => {
    const { display, clearOutput, onCellEnd, onExit } = FakeNotebook.prototype;
    setNotebookHost({ display, clearOutput, onCellEnd, onExit, signal: undefined, resources: undefined });
    const panel = some();
    panel.onChange(() => 0);
    expect(Object.keys(panel[jupyterDisplay]())).toEqual(['text/plain', 'text/html']);
  });

  it('are refused with what is wrong', () => {
    expect(() => slider(1, 0)).toThrow('a slider goes from a number up to a greater one, not from 1 to 0');
    expect(() => slider(0, 1, { log: true })).toThrow('a logarithmic slider begins above 0, not at 0');
    expect(() => slider(0, 1, { value: 2 })).toThrow('the value of a slider is a number from 0 to 1, not 2');
    expect(() => slider(0, 1, { step: 0 })).toThrow('the step of a slider is a number above 0, not 0');
    expect(() => choice([])).toThrow('there is none');
    expect(() => choice(['a', 'a'])).toThrow("a choice has each value once, and 'a' twice");
    expect(() => choice([Number.NaN])).toThrow('not NaN');
    expect(() => checkbox('yes' as never)).toThrow("the value of a checkbox is true or false, not 'yes'");
    expect(() => controls({ values: checkbox() } as never)).toThrow('no control can be called values');
    expect(() => controls({ x: 1 } as never)).toThrow(
      'the control x is a slider, choice, checkbox, text or button, not 1',
    );
    expect(() => some().onChange(1 as never)).toThrow('the callback of onChange is a function, not 1');
    expect(() => some().onChange(() => 0, { output: {} as never })).toThrow('region that output() makes');
    expect(() => some().onChange(() => 0, { debounce: -1 })).toThrow('debounce is a number of milliseconds, not -1');
  });
});

describe('an output', () => {
  const outputs = () => (notebook.comms.at(-1)!.current().data.state as { outputs: unknown[] }).outputs;

  it('shows what a callback prints and displays, each call in place of the one before', async () => {
    const { panel, page } = shown();
    const region = output();
    const bundle = region[jupyterDisplay]();
    expect(bundle['text/plain']).toMatch(/To see here what callbacks show, install anywidget/);
    expect(notebook.comms.at(-1)!.opening.data.state).toMatchObject({ _model_name: 'OutputModel', outputs: [] });
    const there = region.there;
    panel.onChange(
      async ({ hidden }) => {
        there.stream('stdout', `${hidden} `);
        there.stream('stdout', 'units\n');
        there.display({ 'text/plain': 'a', 'image/png': new Uint8Array([1, 2]) }, { displayId: 'd' });
        there.display({ 'text/plain': 'b' }, { displayId: 'd', update: true });
        there.display({ 'text/plain': 'c' }, { displayId: 'nobody', update: true });
        if (hidden === 128) throw new RangeError('too large');
      },
      { output: region },
    );
    for (const hidden of [64, 128]) {
      page.update({ 'value.hidden': hidden });
      await rest(500);
      expect(outputs().slice(0, 2)).toEqual([
        { output_type: 'stream', name: 'stdout', text: `${hidden} units\n` },
        { output_type: 'display_data', data: { 'text/plain': 'b' }, metadata: {} },
      ]);
    }
    expect(outputs().slice(2)).toEqual([
      { output_type: 'stream', name: 'stderr', text: 'The callback of onChange: too large' },
    ]);
    expect(region[jupyterDisplay]()['text/plain']).toMatch(/^128 units\nb\nThe callback of onChange: too large\n/);
    region.clear();
    await rest();
    expect(outputs()).toEqual([]);
  });

  it('keeps the end of what is printed without one, and sends it a few times a second', async () => {
    const region = output();
    region[jupyterDisplay]();
    const before = notebook.comms.at(-1)!.sent.length;
    for (let i = 0; i < 100_000; i++) region.there.stream('stdout', `line ${i}\n`);
    await rest();
    const [{ text }] = outputs() as [{ text: string }];
    expect(text.length).toBeLessThan(110_000);
    expect(text).toMatch(/^…\nline \d+\n.*\nline 99999\n$/s);
    expect(notebook.comms.at(-1)!.sent.length - before).toBeLessThan(5);
  });

  it('runs what it is given, and gives what that gives', () => {
    expect(output().run(() => 3)).toBe(3);
    notebook.close();
    expect(output().run(() => undefined)).toBeUndefined();
    expect(() => output().run(1 as never)).toThrow('the work of an output is a function, not 1');
  });
});
