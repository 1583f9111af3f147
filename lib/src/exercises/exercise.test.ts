import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailedPreconditionError, InvalidArgumentError } from '../runtime/errors';
import { jupyterDisplay, jupyterDisplayId } from '../runtime/notebookHost';
import { FakeNotebook } from '../testing/notebook';
import { temporaryFolder } from '../testing/temporaryFolder';
import { type ExerciseEffects, exercise, exercises, hint } from '.';

const folder = temporaryFolder('exercises-');
const home = process.cwd();
beforeEach(() => process.chdir(folder()));
afterEach(() => {
  process.chdir(home);
  vi.restoreAllMocks();
});

type Effects = ExerciseEffects['101-learning-rate'];

const nothing: Effects = { trainings: [], best: undefined, bestOf200: undefined };
const training = (learningRate: number, loss: number) => ({ learningRate, losses: Array<number>(500).fill(loss) });
const right: Effects = {
  trainings: [training(0.01, 1), training(0.1, 0.5), training(1, 0.2), training(10, Number.NaN)],
  best: 1,
  bestOf200: 1,
};
const half: Effects = { ...right, best: 0.1 };

describe('exercise', () => {
  it('is not solved by doing nothing, and says what is to be done, how much comes later, and how to get a hint', () => {
    const result = exercise('101-learning-rate', nothing);
    expect(result.isSolved).toBe(false);
    expect(String(result)).toMatch(
      /^Learning rate: not yet\n {2}✗ Train with four .+\n {2}After that, 3 more to check\. For a hint, run `hint\(\)`\.$/,
    );
  });

  it('says what is right up to what is missing first, and nothing of what comes after that', () => {
    const { right, missing } = exercise('101-learning-rate', half);
    expect(right).toHaveLength(2);
    expect(missing).toMatch(/^`best` is 0\.1/);
  });

  it('is solved when nothing is missing', () => {
    const result = exercise('101-learning-rate', right);
    expect([result.isSolved, result.right.length, result.missing]).toEqual([true, 4, undefined]);
    expect(String(result)).not.toContain('hint');
  });

  it('is shown as text and as HTML that says in words what its signs say', () => {
    const html = exercise('101-learning-rate', half)[jupyterDisplay]()['text/html'];
    expect(html).toContain('<section aria-label="Learning rate: not yet"');
    expect(html).toMatch(/aria-hidden="true"[^>]*>✓<\/span> <b[^>]*>Right:<\/b>/);
    expect(html).toMatch(/aria-hidden="true"[^>]*>✗<\/span> <b[^>]*>Missing:<\/b> <code>best<\/code> is 0\.1/);
  });

  it('speaks Chinese to notebooks of a folder zh, and keeps what is solved where their cells run', () => {
    const notebook = new FakeNotebook('/notebooks/zh');
    try {
      expect(String(exercise('101-learning-rate', nothing))).toMatch(/^学习率.*还没完成\n {2}✗ 至少/);
      expect(String(hint())).toContain('提示 1');
      exercise('101-learning-rate', right);
      expect(String(exercises('mechanics-101'))).toMatch(/^练习：\d 个中完成了 1 个/);
    } finally {
      notebook.close();
    }
    expect(String(exercises('mechanics-101'))).toMatch(/^Exercises: 1 of/);
  });

  it('refuses an id that there is not, effects that have other names, and such as it can’t look at', () => {
    expect(() => exercise('101-learning-rat' as '101-learning-rate', nothing)).toThrow(
      /did you mean '101-learning-rate'\?/,
    );
    expect(() => exercise('101-learning-rate', { ...nothing, bets: 1 } as never)).toThrow(/did you mean 'best'\?/);
    const junk = () => exercise('101-learning-rate', { ...nothing, trainings: 5 } as never);
    expect(junk).toThrow(InvalidArgumentError);
    expect(junk).toThrow(/effects of exercise '101-learning-rate' are not such as it looks at/);
  });
});

describe('hint', () => {
  it('gives one more each time, of the exercise that was checked last, and at the end where the answer is', async () => {
    vi.resetModules();
    const { exercise, hint } = await import('./index.js');
    expect(() => hint()).toThrow(expect.objectContaining({ name: FailedPreconditionError.name }));
    exercise('101-learning-rate', nothing);
    const hints = Array.from({ length: 4 }, () => String(hint()));
    expect(hints.slice(0, 3).map((text) => /hint (\d of 3)/.exec(text)?.[1])).toEqual(['1 of 3', '2 of 3', '3 of 3']);
    expect(hints[3]).toBe(hints[2]);
    expect(hints.map((text) => text.includes('the answer is folded'))).toEqual([false, false, true, true]);
  });

  it('is shown with its code marked as such', async () => {
    vi.resetModules();
    const { hint } = await import('./index.js');
    const bundles = Array.from({ length: 3 }, () => hint('101-learning-rate')[jupyterDisplay]());
    expect(bundles.map((bundle) => bundle['text/html']).join('')).toMatch(/<code>for \(const learningRate/);
  });
});

describe('exercises', () => {
  it('tells which are solved, now and when the notebook is opened again', () => {
    const before = exercises('mechanics-101').count;
    exercise('101-learning-rate', half);
    expect([before, exercises('mechanics-101').count]).toEqual([0, 0]);
    exercise('101-learning-rate', right);
    exercise('101-learning-rate', half);
    expect(exercises('mechanics-101').count).toBe(1);
    expect(JSON.parse(readFileSync('.exercises.json', 'utf8'))).toEqual({ solved: ['101-learning-rate'] });
    expect(String(exercises())).toMatch(/^Exercises: 1 of \d+ solved\n {2}✓ Learning rate \(101-learning-rate\)/);
  });

  it('changes where it is shown when an exercise is solved', () => {
    const notebook = new FakeNotebook();
    try {
      const table = exercises('mechanics-101');
      expect(table[jupyterDisplay]()['text/html']).toMatch(/Exercises: 0 of/);
      exercise('101-learning-rate', right);
      expect(notebook.shown).toMatchObject([{ displayId: table[jupyterDisplayId], update: true }]);
      expect(notebook.texts[0]).toMatch(/Exercises: 1 of/);
    } finally {
      notebook.close();
    }
  });

  it('begins anew where the file is damaged, and says so once, in a line', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    for (const damaged of ['{"solved": ["101-', '[]', '{"solved": 5}']) {
      writeFileSync('.exercises.json', damaged);
      expect([exercises().count, exercises().count]).toEqual([0, 0]);
    }
    expect(warn.mock.calls.map(([line]) => line)).toEqual(
      Array(3).fill(expect.stringMatching(/^.exercises.json is damaged.*$/)),
    );
  });

  it('refuses a notebook that has none', () => {
    expect(() => exercises('mechanics' as never)).toThrow(/no notebook 'mechanics' has exercises; did you mean/);
  });
});
