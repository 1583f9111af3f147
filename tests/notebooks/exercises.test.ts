/**
 * The exercises of the notebooks in the real kernel: none is solved by the notebook as it is, and each by the answer that is folded below
 * it. What wrong answers are told is tested beside the checks, in `lib/src/exercises`.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient } from '../../kernel/src/testing/client';
import { repetitions } from '../../lib/src/testing/repetitions';
import { type Cell, exercisesOf } from './notebookExercises';
import { shortened } from './shorter';

/** Answers that train convolutions, clusters or many trials for longer than a test of every day may: `npm run soak -- tests/notebooks` runs them. */
const LONG = new Set([
  ...['301-patches', '302-strides', '303-no-dropout', '305-relu', '306-decay'],
  ...['402-random-search', '403-l2', '404-another-model', '406-in-a-file'],
  ...['502-larger-batch', '503-slowest', '504-staler', '506-convolutional'],
]);
const isRun = ({ id }: { id: string }) => !LONG.has(id) || repetitions(0, 1) > 0;

const root = path.join(__dirname, '..', '..');
const notebooks = readdirSync(path.join(root, 'notebooks'))
  .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
  .map((name) => {
    const text = shortened(name, readFileSync(path.join(root, 'notebooks', name), 'utf8'));
    const { cells } = JSON.parse(text) as { cells: Cell[] };
    return { name, cells, exercises: exercisesOf(cells) };
  })
  .filter(({ exercises }) => exercises.length > 0);

describe.each(notebooks)('the exercises of $name', ({ cells, exercises }) => {
  let kernel: KernelClient;
  let folder: string;
  /** What each check says of the notebook as it is. */
  const untouched = new Map<string, string | undefined>();

  async function run(source: string): Promise<string | undefined> {
    const { reply, result } = await kernel.run(source);
    if (reply.status !== 'ok') throw new Error(`${source}\n${reply.evalue}`);
    return result;
  }

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'exercises-'));
    mkdirSync(path.join(folder, 'notebooks'));
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules')); // as in a clone
    kernel = await KernelClient.start({ cwd: path.join(folder, 'notebooks') });
    for (const { cell_type, source } of cells) {
      const code = source.join('');
      if (cell_type !== 'code' || code.includes('await tensorboard(')) continue;
      const result = await run(code);
      const checked = exercises.find(({ check }) => check === code);
      if (checked) untouched.set(checked.id, result);
    }
  }, 300_000);
  afterAll(async () => {
    await kernel.shutDown();
    rmSync(folder, { recursive: true });
  });

  it.each(exercises)('$id is not solved by the notebook as it is', ({ id }) => {
    expect(untouched.get(id)).toMatch(/^.+: not yet\n(.*\n)* {2}✗ .+/);
  });

  it.each(exercises.filter(isRun))(
    '$id is solved by its answer',
    { timeout: 120_000 },
    async ({ work, answer, check }) => {
      expect(answer).not.toBe(work);
      await run(answer);
      expect(await run(check)).toMatch(/^.+: solved\n( {2}✓ .+\n?)+$/);
    },
  );

  it('are all that the table at its head has, and are kept as solved', async () => {
    const head = cells.find(({ source }) => /^exercises\('/m.test(source.join('')))!;
    const { messages } = await kernel.run(head.source.join(''));
    const table: string = messages.find(({ type }) => type === 'display_data')?.content.data['text/plain'];
    const rows = table.split('\n').slice(1);
    const idOf = (row: string) => row.replace(/.*\(([\w-]+)\)$/, '$1');
    expect(rows.map(idOf)).toEqual(exercises.map(({ id }) => id));
    const solved = rows.filter((row) => row.startsWith('  ✓'));
    expect(solved.map(idOf)).toEqual(exercises.filter(isRun).map(({ id }) => id));
  });
});
