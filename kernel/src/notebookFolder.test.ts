/** A folder of notebooks says where their cells run. */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FOLDER_FILE } from './notebookFolder';
import { KernelClient } from './testing/client';

let project: string;
let notebooks: string;
let translations: string;
beforeAll(() => {
  project = realpathSync(mkdtempSync(path.join(tmpdir(), 'translated-')));
  notebooks = path.join(project, 'notebooks');
  translations = path.join(notebooks, 'zh');
  mkdirSync(translations, { recursive: true });
  mkdirSync(path.join(project, 'src'));
  writeFileSync(path.join(project, 'package.json'), '{}');
  writeFileSync(path.join(project, 'src', 'model.ts'), 'export const units = 32;');
});
afterAll(() => rmSync(project, { recursive: true }));

const say = (text: string) => writeFileSync(path.join(translations, FOLDER_FILE), text);

describe('a notebook in a folder that says where its cells run', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    say('{ "workingDirectory": ".." }');
    kernel = await KernelClient.start({ cwd: translations, env: { JPY_SESSION_NAME: 'zh/01.ipynb' } });
  });
  afterAll(() => kernel.shutDown());

  it('runs there, and imports from there', async () => {
    const { result } = await kernel.run(
      "import { units } from '../src/model';\n[process.cwd(), __dirname, import.meta.dirname, units.toFixed()]",
    );
    expect(result?.match(/'[^']*'/g)).toEqual([`'${notebooks}'`, `'${notebooks}'`, `'${notebooks}'`, "'32'"]);
  });

  it('tells the library in which folder it lies', async () => {
    const { result } = await kernel.run("(globalThis as any)[Symbol.for('tf-mechanics.notebookHost')].folder");
    expect(result).toBe(`'${translations}'`);
  });

  it('has what a page can not show in files beside itself, to which the page links', async () => {
    const { messages } = await kernel.run('for (let i = 0; i < 60_000; i++) console.log(i);');
    const links = messages.map(({ content }) => String(content.data?.['text/html'])).filter((html) => /<a /.test(html));
    expect(links.at(-1)).toMatch(/href="cell-outputs\/01-/);
    expect(readdirSync(path.join(translations, 'cell-outputs'))).toContainEqual(expect.stringMatching(/^01-.*\.txt$/));
  });

  it('knows by its own cells what was to run first', async () => {
    const cell = { cell_type: 'code', source: 'const known = 1;', execution_count: 7 };
    writeFileSync(path.join(translations, '01.ipynb'), JSON.stringify({ cells: [cell] }));
    expect((await kernel.run('known')).reply.evalue).toMatch(/^run the cells above \(In\[7\] defines known\)/);
  });
});

describe('a kernel does not start, and says why, where the file of the folder', () => {
  beforeEach(() => rmSync(path.join(translations, FOLDER_FILE)));

  it.each([
    ['names a folder that is not there', '{ "workingDirectory": "../gone" }', /ENOENT.*chdir.*gone/],
    [
      'has another key',
      '{ "folder": ".." }',
      /: expected { "workingDirectory": "<folder>" }, got { "folder": "\.\." }$/,
    ],
    ['has no path', '{ "workingDirectory": 1 }', /: expected { "workingDirectory": "<folder>" }/],
    ['is no JSON', 'zh', /JSON/],
  ])('%s', async (_, text, message) => {
    say(text);
    const kernel = await KernelClient.launch({ cwd: translations });
    expect(await kernel.exited).toBe(1);
    expect(kernel.errors.trim()).toMatch(message);
    expect(kernel.errors).toContain(path.join(translations, FOLDER_FILE));
  });
});
