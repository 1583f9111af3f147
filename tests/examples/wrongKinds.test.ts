// In a process of its own: it works in another folder.
/**
 * What the types refuse, the program refuses: each option and argument of the calls in examples is given what is no value of its type. `npm run soak --
 * tests/examples` tries all of them, which takes minutes.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import * as library from '../../lib/src';
import { repetitions } from '../../lib/src/testing/repetitions';
import { makeContext, makeFolders, makeSets } from './context';
import { root } from './extract';
import { mentions, moduleOf, programs, runModule } from './modules';
import { notRun } from './notRun';
import { wrongKindsOf } from './wrongKinds';

/** What is taken after all. */
const TAKEN: readonly RegExp[] = [
  /^models\/(classifier|regressor)|^tf\/gradients\/registry|sessionRunHook|runStepFn/, // declared there, and not called
  /readDataSets\((\{ (fakeData|oneHot)|…)/, // the tests' own word for it comes after
  /didYouMean/, // not public
  /gradYs/, // a number is a tensor
  /\{ names: 'x'/, // so is a name a list of one
  /SummaryWriter\(\{ graph: /, // it is given in its place, which counts
  /(summary\.(scalar|histogram|image|audio|tensorSummary)|(scalar|histogram|image|audio)Summary|gradients|convnet\.inference)\((…, )+/, // what becomes a tensor
  /logging\.|errorOf|DataLossError/, // what becomes a message
  /space\.sample\(|progress\('x'/, // of any type
  /reducer\.|decoder\./, // not public
];

it.runIf(repetitions(0, 1) > 0)(
  'an option or an argument of another kind than its type is refused',
  async () => {
    const before = process.cwd();
    mkdirSync(path.join(root, '.cache'), { recursive: true });
    const folder = mkdtempSync(path.join(root, '.cache', 'examples-'));
    process.chdir(folder);
    for (const method of ['log', 'warn', 'error', 'table'] as const)
      vi.spyOn(console, method).mockImplementation(() => {});
    try {
      await makeFolders();
      const sets = await makeSets();
      const names = Object.keys(await makeContext(sets, []));
      const all = programs
        .filter(({ title }) => !(title in notRun))
        .map((program, i) => {
          const used = names.filter((name) => mentions(program, name));
          const file = path.join(folder, `${i}.ts`);
          writeFileSync(file, moduleOf(program, used));
          return { program, used, file };
        });
      const taken: string[] = [];
      const wrongKinds = wrongKindsOf(
        all.map(({ file }) => file),
        Object.keys(library),
      );
      for (const { title, file, text } of wrongKinds) {
        const { program, used } = all.find((one) => one.file === file)!;
        library.tf.resetDefaultGraph();
        const context = await makeContext(sets, used);
        try {
          await runModule(program, text, context, async (_, value) => void (await value));
          taken.push(`${program.title}: ${title}`);
        } catch (error) {
          if (!((error as Error).name in library.tf.errors || error instanceof RangeError))
            taken.push(`${program.title}: ${title}: ${error}`);
        } finally {
          await context.session.close();
        }
      }
      expect(wrongKinds.length).toBeGreaterThan(3000);
      expect(taken.filter((title) => !TAKEN.some((pattern) => pattern.test(title)))).toEqual([]);
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  },
  3_600_000,
);
