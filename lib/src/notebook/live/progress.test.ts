import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Displayable, jupyterDisplay, jupyterDisplayId, type MimeBundle } from '../../runtime/notebookHost';
import { FakeNotebook } from '../../testing/notebook';
import { progress } from './progress';

let notebook: FakeNotebook;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  notebook = new FakeNotebook();
});
afterEach(() => {
  notebook.close();
  vi.useRealTimers();
});

/** Lets time go by. */
const wait = (ms: number) => vi.advanceTimersByTime(ms);
const last = () => notebook.texts.at(-1);

async function* lines() {
  yield 'a';
  yield 'b';
}

describe('progress', () => {
  it('counts, or gives the items of what it goes through', async () => {
    expect([...progress(3)]).toEqual([0, 1, 2]);
    expect([...progress(new Set(['a', 'b']))]).toEqual(['a', 'b']);
    const items: unknown[] = [];
    for await (const item of progress(2)) items.push(item);
    for await (const item of progress(['x'])) items.push(item);
    for await (const item of progress(lines())) items.push(item);
    expect(items).toEqual([0, 1, 'x', 'a', 'b']);
  });

  it('can go through its items again', () => {
    const steps = progress(2);
    expect([...steps, ...steps]).toEqual([0, 1, 0, 1]);
  });

  it('shows the count, the rate and the time left, in one place', () => {
    for (const _ of progress(100, { label: 'a < b' })) wait(500);
    expect(notebook.texts[0]).toBe('a < b 0/100');
    expect(notebook.texts[4]).toBe('a < b 4/100, 2/s, 48 s left');
    expect(last()).toBe('a < b 100/100, 2/s, 50 s');
    expect(notebook.shown[4]!.data['text/html']).toMatch(
      /^<div [^>]*>a &lt; b <progress value="4" max="100" [^>]*><\/progress> <span [^>]*>4\/100, 2\/s, 48 s left<\/span><\/div>$/,
    );
    expect(new Set(notebook.shown.map(({ displayId }) => displayId)).size).toBe(1);
    expect(notebook.shown.map(({ update }) => update)).toEqual([false, ...Array(notebook.shown.length - 1).fill(true)]);
  });

  it('groups the digits of large numbers', () => {
    for (const step of progress(1_000_000)) {
      wait(2);
      if (step === 1276) break;
    }
    expect(last()).toBe('stopped at 1,276/1,000,000, 500/s, 2.6 s');
  });

  it('shows no more than ten pictures a second', () => {
    for (const _ of progress(3000)) wait(1);
    expect(notebook.shown.length).toBeGreaterThan(28);
    expect(notebook.shown.length).toBeLessThan(34);
  });

  it('knows the number of items of what has a length or size, or is told it', () => {
    for (const [items, total] of [
      [new Float32Array(3), 3],
      [new Map([[1, 2]]), 1],
    ] as const) {
      for (const _ of progress<unknown>(items)) break;
      expect(last()).toBe(`stopped at 0/${total}, 0.0 s`);
    }
    for (const _ of progress([1, 2].values(), { total: 2 })) break;
    expect(last()).toBe('stopped at 0/2, 0.0 s');
  });

  it('has no bar and no time left where the number of items is not known', async () => {
    for await (const _ of progress(lines())) wait(2000);
    expect(notebook.texts).toEqual(['0', '1, 2.0 s each', '2, 2.0 s each', '2/2, 2.0 s each, 4.0 s']);
    expect(notebook.shown[1]!.data['text/html']).toContain('<progress style');
    for await (const _ of progress(lines())) break;
    expect(notebook.shown.at(-1)!.data['text/html']).not.toContain('<progress');
  });

  it('tells where a loop was left, by break or by an error', async () => {
    for (const step of progress(10)) {
      wait(1000);
      if (step === 4) break;
    }
    expect(last()).toBe('stopped at 4/10, 1.3 s each, 5.0 s');
    const failing = async () => {
      for await (const _ of progress(10)) throw new Error('failed');
    };
    await expect(failing()).rejects.toThrow('failed');
    expect(last()).toBe('stopped at 0/10, 0.0 s');
  });

  it('ends a loop at its next step when the cell is interrupted', async () => {
    let steps = 0;
    const interrupted = () => {
      for (const step of progress(10)) {
        steps++;
        if (step === 2) notebook.interrupt();
      }
    };
    expect(interrupted).toThrow('interrupted');
    expect(steps).toBe(3);
    expect(last()).toMatch(/^stopped at 3\/10/);
    const again = async () => {
      for await (const _ of progress(10)) steps++;
    };
    await expect(again()).rejects.toThrow('interrupted');
    expect(steps).toBe(3);
  });

  it('lets others work now and then in a loop that awaits its steps', async () => {
    let worked = 0;
    const work = () => {
      worked++;
      worker = setImmediate(work);
    };
    let worker = setImmediate(work);
    for await (const _ of progress(400)) wait(1);
    clearImmediate(worker);
    expect(worked).toBe(7); // once in 50 ms
  });

  it('shows itself where it is evaluated, before, in and after its loop, each under the name of its bar', () => {
    const steps = progress(10, { label: 'steps' }) as unknown as Iterable<number> & Displayable;
    const shown = () => [
      steps[jupyterDisplayId],
      (steps[jupyterDisplay]() as MimeBundle)['text/plain'],
      inspect(steps),
    ];
    const [id, ...before] = shown();
    expect(before).toEqual(['steps 0/10', 'steps 0/10']);
    for (const step of steps) {
      wait(50);
      if (step === 4) break;
      if (step === 3) expect(shown()).toEqual([id, 'steps 3/10, 15/s, 0.5 s left', 'steps 3/10, 15/s, 0.5 s left']);
    }
    wait(5000);
    expect(shown()[1]).toBe('steps stopped at 4/10, 16/s, 0.3 s');
    expect(notebook.shown.every(({ displayId }) => displayId === id)).toBe(true);
    for (const _ of steps) break;
    expect(steps[jupyterDisplayId]).not.toBe(id);
  });

  it('is silent where there is neither a notebook nor a terminal', () => {
    notebook.close();
    const write = vi.spyOn(process.stderr, 'write');
    expect([...progress(2)]).toEqual([0, 1]);
    expect(write).not.toHaveBeenCalled();
  });

  it('refuses numbers that count nothing', () => {
    for (const count of [-1, 1.5, Number.NaN])
      expect(() => progress(count)).toThrow(`expected a number of steps, got ${count}`);
  });
});
