// In a process of its own: it has a notebook's host, and asks for folders of runs.
/** Runs that one can tell apart. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import { FileWriter } from '../../tf/summary';
import type { Figure } from '../figure/figure';
import { palette } from '../figure/theme';
import { runDirectory } from '../runDirectory';
import { noteRuns } from '../runs/ownRuns';
import * as plot from '.';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'scalars-'));
});
afterEach(() => {
  setNotebookHost(undefined);
  rmSync(dir, { recursive: true });
});

/** A run of two steps, as another process would have left it: this one has written it elsewhere. */
async function foreign(
  name: string,
  end: number,
  { tag = 'loss', time = 1000, config = undefined as object | undefined } = {},
) {
  const elsewhere = mkdtempSync(path.join(tmpdir(), 'elsewhere-'));
  await write(elsewhere, end, tag, time);
  cpSync(elsewhere, path.join(dir, name), { recursive: true });
  rmSync(elsewhere, { recursive: true });
  if (config) writeFileSync(path.join(dir, name, 'config.json'), JSON.stringify({ run: name.split('-')[0], config }));
}

async function write(folder: string, end: number, tag = 'loss', time = 1000) {
  const writer = new FileWriter(folder);
  for (const [i, simpleValue] of [2, end].entries())
    writer.addEvent({ wallTime: time + i, step: i, summary: { value: [{ tag, simpleValue }] } });
  await writer.close();
}

const inNotebook = () => setNotebookHost({} as NotebookHost);
const names = ({ data }: Figure) => data.map(({ name }) => name);
const colors = ({ data }: Figure) => data.map(({ line }) => (line as { color: string }).color);
const legend = ({ data }: Figure) => data.filter(({ showlegend }) => showlegend).map(({ name }) => name);
const note = ({ layout }: Figure) => (layout.legend as { title?: { text: string } } | undefined)?.title?.text;

describe('the runs that are shown', () => {
  it('have names of one’s own, also where these are given to a part of a run', async () => {
    for (const name of ['one', 'another']) await foreign(name, 1, { config: { lr: 1 } });
    for (const name of ['one', 'another']) await foreign(`${name}/validation`, 1);
    const [one, another] = ['one', 'another'].map((name) => path.join(dir, name, 'validation'));
    expect(names(await plot.scalars({ 'as made': one!, 'as the search found': another! }))).toEqual([
      'as made',
      'as the search found',
    ]);
  });

  it('are those of this notebook: what it has written, and older ones of a name that it asks for', async () => {
    for (const name of ['digits-1', 'digits-2-lr=1', 'other-1', 'digits-of-others']) await foreign(name, 1);
    await write(path.join(dir, 'by-hand'), 1);
    inNotebook();
    const before = await plot.scalars(dir);
    expect(names(before)).toEqual(['by-hand']);
    noteRuns(dir, 'digits');
    const figure = await plot.scalars(dir);
    expect(names(figure)).toEqual(['by-hand', 'digits-1', 'digits-2-lr=1']);
    expect(note(figure)).toContain('not shown: 2 of other notebooks');
  });

  it('are all where none is of this notebook, in a plain program, and where they are named', async () => {
    await foreign('a', 1);
    await foreign('b', 1);
    inNotebook();
    expect(names(await plot.scalars(dir))).toEqual(['a', 'b']);
    await write(path.join(dir, 'c'), 1);
    expect(names(await plot.scalars([path.join(dir, 'a'), path.join(dir, 'c')]))).toEqual(['a', 'c']);
    expect(names(await plot.scalars(dir, { runs: 'all' }))).toEqual(['a', 'b', 'c']);
    setNotebookHost(undefined);
    expect(names(await plot.scalars(dir))).toEqual(['a', 'b', 'c']);
  });

  it('are those that match', async () => {
    for (const name of ['a-1', 'a-2', 'b-1']) await foreign(name, 1);
    expect(names(await plot.scalars(dir, { runs: /^a/g }))).toEqual(['a-1', 'a-2']);
    await expect(plot.scalars(dir, { runs: /c/ })).rejects.toThrow("no run matches /c/; there are 'a-1', 'a-2', 'b-1'");
    await expect(plot.scalars(dir, { runs: 'a' as never })).rejects.toThrow("or are 'all', not 'a'");
  });

  it('are the best in the end, by the first of the tags', async () => {
    for (const [i, end] of [0.3, 0.1, Number.NaN, 0.2].entries()) await foreign(`run-${i}`, end);
    const figure = await plot.scalars(dir, { best: 2 });
    expect(names(figure)).toEqual(['run-1', 'run-3']);
    expect(note(figure)).toBe('2 best of 4, by loss');
    for (const [i, end] of [0.3, 0.1, 0.2].entries()) await foreign(`run-${i}/validation`, end, { tag: 'accuracy' });
    expect(legend(await plot.scalars(dir, { tags: 'accuracy', best: 1 }))).toEqual(['validation']);
    await expect(plot.scalars(dir, { best: 0 })).rejects.toThrow('a whole number from 1 on, not 0');
  });
});

describe('runs beside each other', () => {
  const flags = { learningRate: 0.01, batchSize: 100 };

  it('are called by what differs, and by their folders where nothing does', async () => {
    for (const learningRate of [0.01, 0.1, 0.1])
      await write(runDirectory(dir, 'digits', { config: { ...flags, learningRate } }), 1);
    const figure = await plot.scalars(dir);
    expect(legend(figure)).toEqual(['lr=0.01', 'lr=0.1 (digits-2-lr=0.1)', 'lr=0.1 (digits-3-lr=0.1)']);
    expect(names(await plot.scalars(dir, { runs: /digits-[23]/ }))).toEqual(['digits-2-lr=0.1', 'digits-3-lr=0.1']);
    await write(runDirectory(dir, 'fashion', { config: { ...flags, learningRate: 0.5 } }), 1);
    expect(names(await plot.scalars(dir)).slice(3)).toEqual(['fashion lr=0.5']);
  });

  it('come in the order of their numbers', async () => {
    for (const number of [10, 9, 1]) await foreign(`run-${number}`, 1);
    expect(names(await plot.scalars(dir))).toEqual(['run-1', 'run-9', 'run-10']);
  });

  it('never share a colour: where there are more than colours, the newest have them', async () => {
    for (let i = 0; i < palette.length + 3; i++) await foreign(`run-${i}`, 1, { time: 1000 - i });
    const figure = await plot.scalars(dir, { smoothing: 0.5 });
    expect(names(figure).slice(0, 3)).toEqual(Array(3).fill('3 older runs'));
    expect(legend(figure)).toEqual(['3 older runs', ...palette.map((_, i) => `run-${i}`)]);
    const solid = figure.data
      .filter(({ opacity }) => opacity === undefined)
      .map(({ line }) => (line as { color: string }).color);
    expect(solid.slice(3)).toEqual(palette);
    expect(new Set(solid.slice(0, 3)).size).toBe(1);
    expect(palette).not.toContain(solid[0]);
    expect(figure.data[0]!.hovertemplate).toBe(`run-${palette.length}: %{y}<extra></extra>`);
  });

  it('have one colour a training and lines for its parts; of one training, parts have colours', async () => {
    for (const run of ['a', 'b']) for (const part of ['train', 'validation']) await foreign(`${run}/${part}`, 1);
    const figure = await plot.scalars(dir);
    expect(colors(figure)).toEqual([palette[0], palette[0], palette[1], palette[1]]);
    expect(figure.data.map(({ line }) => (line as { dash?: string }).dash ?? 'solid')).toEqual([
      'solid',
      'dash',
      'solid',
      'dash',
    ]);
    expect(legend(figure)).toEqual(['a', 'b']);
    expect(note(figure)).toMatch(/^train ─+ {2}validation ╌+$/);
    const one = await plot.scalars(path.join(dir, 'a'));
    expect([legend(one), colors(one)]).toEqual([
      ['train', 'validation'],
      [palette[0], palette[1]],
    ]);
  });

  it('have the colour of their group', async () => {
    for (const [i, batchSize] of [50, 100, 50].entries())
      await foreign(`run-${i}`, 1, { config: { ...flags, batchSize, seed: i } });
    const figure = await plot.scalars(dir, { groupBy: 'batch' });
    expect(legend(figure)).toEqual(['batch=50 (2 runs)', 'batch=100']);
    expect(new Set(colors(figure))).toEqual(new Set([palette[0], palette[1]]));
    expect(legend(await plot.scalars(dir, { groupBy: 'batchSize' }))).toEqual(legend(figure));
    expect(legend(await plot.scalars(dir, { groupBy: ({ config }) => Number(config.seed) > 0 }))).toEqual([
      'false',
      'true (2 runs)',
    ]);
    await expect(plot.scalars(dir, { groupBy: 'bach' })).rejects.toThrow("no run has a hyperparameter 'bach'");
  });

  it('are pale behind the mean of their group, at the steps that all of them have', async () => {
    for (const [i, end] of [1, 5].entries()) await foreign(`run-${i}`, end, { config: { batchSize: 50, seed: i } });
    await foreign('other-2', 7, { config: { batchSize: 100, seed: 2 } });
    const lines = (figure: Figure) =>
      figure.data.map(({ y, line, opacity }) => ({ y, width: (line as { width?: number }).width, opacity }));
    const figure = await plot.scalars(dir, { groupBy: 'batch' });
    expect(lines(figure)).toEqual([
      { y: [2, 1], width: 1, opacity: 0.35 },
      { y: [2, 5], width: 1, opacity: 0.35 },
      { y: [2, 7], width: undefined, opacity: undefined },
      { y: [2, 3], width: 3, opacity: undefined },
    ]);
    expect(legend(figure)).toEqual(['batch=100', 'batch=50 (2 runs)']);
    // By the time of day they have no points in common.
    expect(lines(await plot.scalars(dir, { groupBy: 'batch', x: 'wall' })).some(({ width }) => width === 3)).toBe(
      false,
    );
  });

  it('are singled out by a click in the legend', async () => {
    for (const name of ['a', 'b']) await foreign(name, 1);
    expect((await plot.scalars(dir)).layout.legend).toMatchObject({ itemclick: 'toggleothers' });
  });
});
