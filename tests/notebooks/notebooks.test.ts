/**
 * Every notebook runs from top to bottom as Jupyter runs it, and then each of its exercises is answered, in the same kernel, by the answer
 * that is folded below it. What wrong answers are told is tested beside the checks, in `lib/src/exercises`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repetitions } from '../../lib/src/testing/repetitions';
import { type Cell, exercisesOf } from './notebookExercises';
import { NotebooksCopy, type Output, python, type Run, resultOf } from './run';
import { shortened } from './shorter';

/**
 * Answers that train for more than a few seconds, which is longer than a test of every day may: `npm run soak -- tests/notebooks` runs them.
 */
const LONG = new Set([
  ...['101-learning-rate', '101-batch-size', '101-width', '101-longer', 'tensorboard-dropout'],
  ...['301-patches', '302-strides', '303-no-dropout', '305-relu', '306-decay'],
  ...['401-fairer-default', '402-random-search', '403-l2', '404-another-model', '405-broken-trial', '406-in-a-file'],
  ...['502-larger-batch', '503-slowest', '504-staler', '505-no-checkpoint', '506-convolutional'],
]);
const isRun = ({ id }: { id: string }) => !LONG.has(id) || repetitions(0, 1) > 0;

/** Answers that measure times, of one step each: as a reader would on a busy machine, they are tried again, where they haven't solved theirs. */
const TIMED = new Set(['302-strides', 'tensorboard-time']);
const TRIES = 3;

/** Committed notebooks, and those that a run makes, are to stay below this. */
const MAX_BYTES = 1_000_000;

const folder = path.join(__dirname, '..', '..', 'notebooks');
const notebooks = readdirSync(folder).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
const translations = notebooks.map((name) => path.join('zh', name));

const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const cellsOf = (notebook: string) => (JSON.parse(notebook) as { cells: Cell[] }).cells;

describe.runIf(existsSync(python))('run by Jupyter,', () => {
  let copy: NotebooksCopy;
  beforeAll(async () => {
    copy = await NotebooksCopy.make();
  });
  afterAll(() => copy.remove());

  describe.each(notebooks)('%s', (name) => {
    const cells = cellsOf(shortened(name, read(name)));
    const exercises = exercisesOf(cells);
    const answered = exercises.filter(isRun);
    const tries = answered.flatMap((exercise) =>
      Array<typeof exercise>(TIMED.has(exercise.id) ? TRIES : 1).fill(exercise),
    );
    const head = cells.find(({ source }) => /^exercises\('/m.test(source.join('')))?.source.join('') ?? '';

    let run: Run;
    beforeAll(async () => {
      const added = tries.flatMap(({ id, answer, check }) =>
        [answer, check].map((source) => ({ source, attempt: id })),
      );
      run = await copy.run(name, cells, [...added, { source: head }]);
    }, 900_000);

    it('runs without an error, without a word on stderr, and stays small', () => {
      expect(run.error).toBeNull();
      const outputs = run.cells.flatMap((cell) => cell.outputs);
      expect(outputs.filter((output) => output.name === 'stderr').map(({ text }) => text)).toEqual([]);
      expect(run.cells.filter(({ count }) => count === null)).toEqual([]);
      expect(run.bytes).toBeLessThan(MAX_BYTES);
    });

    it.each(exercises)('does not solve $id as it is', ({ check }) => {
      const cell = run.cells.find(({ source }) => source === check);
      expect(resultOf(cell)).toMatch(/^.+: not yet\n(.*\n)* {2}✗ .+/);
    });

    it.each(answered)('has an answer to $id that solves it', ({ id, work, answer }) => {
      expect(answer).not.toBe(work);
      const mine = run.added.filter((_, i) => tries[Math.floor(i / 2)]?.id === id);
      const errors = mine.flatMap(({ outputs }) => outputs).filter(({ output_type }) => output_type === 'error');
      expect(errors.map(({ evalue }) => evalue)).toEqual([]);
      const results = mine.filter(({ source }) => source !== answer).map(resultOf);
      expect(results).toContainEqual(expect.stringMatching(/^.+: solved\n( {2}✓ .+\n?)+$/));
    });

    it('has a table of its exercises at its head, which keeps those that are solved', () => {
      const rows = resultOf(run.added.at(-1))?.split('\n').slice(1) ?? [];
      const idOf = (row: string) => row.replace(/.*\(([\w-]+)\)$/, '$1');
      expect(rows.map(idOf)).toEqual(exercises.map(({ id }) => id));
      const solved = rows.filter((row) => row.startsWith('  ✓'));
      expect(solved.map(idOf)).toEqual(answered.map(({ id }) => id));
    });
  });

  // Their code is the originals' (translations.test.ts), so that the beginning of one is enough to see that it finds what it needs.
  it('a translation finds the data from its folder, and speaks its language', { timeout: 120_000 }, async () => {
    const [name = ''] = translations;
    const cells = cellsOf(read(name));
    const reading = cells.findIndex(({ source }) => source.join('').includes('readDataSets('));
    const run = await copy.run(name, cells.slice(0, reading + 1));
    expect(run.error).toBeNull();
    expect(run.cells.flatMap(({ outputs }) => outputs).filter((output) => output.name === 'stderr')).toEqual([]);
    expect(resultOf(run.cells[0])).toMatch(/\p{Script=Han}/u);
    expect(resultOf(run.cells.at(-1))).toMatch(/784/);
  });
});

describe('the committed notebook', () => {
  it.each([...notebooks, ...translations])(
    '%s has the outputs of a run from top to bottom, no error among them, and is small',
    (name) => {
      const text = read(name);
      const { cells } = JSON.parse(text) as {
        cells: { cell_type: string; execution_count: number | null; outputs: Output[] }[];
      };
      const code = cells.filter(({ cell_type }) => cell_type === 'code');
      expect(code.map(({ execution_count }) => execution_count)).toEqual(code.map((_, i) => i + 1));
      const outputs = code.flatMap((cell) => cell.outputs);
      expect(outputs.filter(({ output_type, name }) => output_type === 'error' || name === 'stderr')).toEqual([]);
      expect(text.length).toBeLessThan(MAX_BYTES);
      expect(text).not.toMatch(/"[^"]*(\/home\/|\/root\/|\/tmp\/|C:\\\\Users)/);
    },
  );

  it.each([...notebooks, ...translations])('%s shows a still picture beside everything that needs a script', (name) => {
    const { cells } = JSON.parse(read(name)) as { cells: { outputs?: Output[] }[] };
    const scripted = cells
      .flatMap(({ outputs = [] }) => outputs)
      .map(({ data }) => [data?.['text/html'] ?? ''].flat().join(''))
      .filter((html) => html.includes('.mount('));
    expect(scripted.length).toBeGreaterThan(0);
    for (const html of scripted) expect(html).toMatch(/<img[^>]* src="data:image\/(png|svg\+xml)/);
  });
});
