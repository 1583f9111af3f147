/** Every call of the three articles has its line here: compiled with the types that users get, and run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as library from '../../lib/src';
import { articles, type Line } from '../../scripts/articles.mjs';

const root = path.join(__dirname, '..', '..');

/** What the lines of every article may name besides the library, and what is only for the table's expressions. */
const context = `
declare const FLAGS: { readonly trainDir: string; readonly fakeData: boolean; readonly learningRate: number };
declare const batchSize: number;
declare const resultDir: string;
declare const summariesDir: string;
declare const value: (fetches: tf.Tensor) => Promise<any>;
declare const check: (line: number, value: unknown) => void;
`;

/** The lines as one program, which gives each expression of the table to `check`. */
function programOf(lines: readonly Line[]): string {
  return lines
    .map(({ typescript, gives }, i) => `${typescript}\n${gives ? `check(${i}, ${gives[0]});` : ''}`)
    .join('\n');
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'articles-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the lines of the articles', () => {
  it('compile without casts', () => {
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    for (const [i, { lines }] of articles.entries()) {
      const names = 'import { data, mnist, models, tf } from "tf-mechanics";';
      writeFileSync(path.join(folder, `${i}.ts`), `${names}${context}\n${programOf(lines)}\nexport {};\n`);
    }
    const options = { strict: true, target: 'es2022', lib: ['es2022', 'esnext.disposable'], module: 'node20' };
    const compilerOptions = { ...options, types: ['node'], noEmit: true, skipLibCheck: true };
    writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    let errors = '';
    try {
      execFileSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
    } catch (error) {
      errors = (error as { stdout: string }).stdout;
    }
    expect(errors).toBe('');
  });

  describe.each(articles)('$title', ({ title, lines }) => {
    const values = new Map<number, unknown>();
    let failure: unknown;

    beforeAll(async () => {
      library.tf.resetDefaultGraph();
      const own = mkdtempSync(path.join(folder, 'run-'));
      const session = () => new library.tf.Session();
      const given = {
        ...library,
        FLAGS: { trainDir: path.join(own, 'train'), fakeData: true, learningRate: 0.01 },
        batchSize: 100,
        resultDir: path.join(own, 'results'),
        summariesDir: path.join(own, 'summaries'),
        // Every placeholder of integers is fed with zeros; the others aren't needed by what is looked at.
        value: async (fetches: library.tf.Tensor) => {
          const placeholders = fetches.graph.operations.filter(({ type }) => type === 'Placeholder');
          const feeds = placeholders.map(({ outputs: [x] }) => {
            const shape = x!.shape as number[];
            return [
              x!,
              library.tf.hostArray(
                new Array(shape[0]).fill(shape.length > 1 ? new Array(shape[1]).fill(0) : 0),
                x!.dtype as 'int32',
              ),
            ] as const;
          });
          const running = session();
          await running.run(library.tf.globalVariablesInitializer());
          return running.run(fetches, feeds);
        },
        check: (line: number, value: unknown) => values.set(line, value),
      };
      const { code } = await transform(`async function article() {\n${programOf(lines)}\n}`, {
        loader: 'ts',
        target: 'es2022',
      });
      try {
        await new Function(...Object.keys(given), `${code}\nreturn article();`)(...Object.values(given));
      } catch (error) {
        failure = error;
      }
    });

    it.each(lines.map((line, i) => ({ ...line, i })))('$python', ({ gives, i }) => {
      if (failure && gives && !values.has(i)) throw failure;
      if (gives) expect(values.get(i)).toEqual(gives[1]);
    });

    it(`run to the end: ${title}`, () => {
      if (failure) throw failure;
    });
  });
});
