/** Every notebook runs from top to bottom, in a copy of its folder, as Jupyter runs it. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortened } from './shorter';

const root = path.join(__dirname, '..', '..');
const python = path.join(root, '.venv', 'bin', 'python');
const notebooks = readdirSync(path.join(root, 'notebooks')).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
/** Their code is the originals' (translations.test.ts), so that only one of them is run: to see that it finds what it needs from its folder. */
const translations = notebooks.map((name) => path.join('zh', name));

/** Committed notebooks, and those that a run makes, are to stay below this. */
const MAX_BYTES = 1_000_000;

interface Output {
  output_type: string;
  name?: string;
  text?: string;
  data?: Record<string, string>;
}

interface Run {
  error: { name: string; message: string } | null;
  cells: { source: string; outputs: Output[]; count: number | null }[];
  bytes: number;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'notebooks-'));
  cpSync(path.join(root, 'notebooks'), path.join(folder, 'notebooks'), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules')); // as in a clone
  for (const name of [...notebooks, ...translations]) {
    const file = path.join(folder, 'notebooks', name);
    writeFileSync(file, shortened(name, readFileSync(file, 'utf8')));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(name: string, kernel = 'tf-mechanics'): Promise<Run> {
  const parameters = [path.join(__dirname, 'execute.py'), path.join(folder, 'notebooks', name), kernel];
  const { stdout } = await promisify(execFile)(python, parameters, { maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout) as Run;
}

describe.runIf(existsSync(python))('the notebook', () => {
  it.each([...notebooks, ...translations.slice(0, 1)])(
    '%s runs without an error, without a word on stderr, and stays small',
    { timeout: 300_000 },
    async (name) => {
      const { error, cells, bytes } = await run(name);
      expect(error).toBeNull();
      const outputs = cells.flatMap((cell) => cell.outputs);
      expect(outputs.filter((output) => output.name === 'stderr').map(({ text }) => text)).toEqual([]);
      expect(cells.filter(({ count }) => count === null)).toEqual([]);
      expect(bytes).toBeLessThan(MAX_BYTES);
    },
  );
});

describe('the committed notebook', () => {
  it.each([...notebooks, ...translations])(
    '%s has the outputs of a run from top to bottom, no error among them, and is small',
    (name) => {
      const text = readFileSync(path.join(root, 'notebooks', name), 'utf8');
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
    const { cells } = JSON.parse(readFileSync(path.join(root, 'notebooks', name), 'utf8')) as {
      cells: { outputs?: Output[] }[];
    };
    const scripted = cells
      .flatMap(({ outputs = [] }) => outputs)
      .map(({ data }) => [data?.['text/html'] ?? ''].flat().join(''))
      .filter((html) => html.includes('.mount('));
    expect(scripted.length).toBeGreaterThan(0);
    for (const html of scripted) expect(html).toMatch(/<img[^>]* src="data:image\/(png|svg\+xml)/);
  });
});
