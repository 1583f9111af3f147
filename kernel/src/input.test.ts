/** What cells ask the reader. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KernelClient } from './testing/client';

let kernel: KernelClient;
/** What was asked, and what is typed for it. */
let asked: string[] = [];
let typed: (string | undefined)[] = [];

beforeAll(async () => {
  kernel = await KernelClient.start();
  kernel.onInput = ({ prompt, password }) => {
    asked.push(password ? `${prompt}(password)` : prompt);
    return typed.shift();
  };
});
afterAll(() => kernel.shutDown());
beforeEach(() => {
  asked = [];
  typed = [];
});

/** Runs a cell whose reader types these lines. */
async function run(code: string, ...lines: string[]) {
  typed = lines;
  return kernel.run(code, { allow_stdin: true });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}

const ANSWERS = "import readline from 'node:readline/promises';\n";

describe('a cell', () => {
  it('asks by prompt, confirm and alert as a page does, with a default', async () => {
    const { result } = await run("[prompt('Name', 'Ada'), prompt('Again', 'Ada'), prompt()]", '', 'Grace', '');
    expect([result, asked]).toEqual(["[ 'Ada', 'Grace', '' ]", ['Name [Ada] ', 'Again [Ada] ', ' ']]);
    const { result: answers } = await run("[confirm('Go on?'), confirm('Sure?'), alert('Done')]", 'y', 'n', '');
    expect([answers, asked.slice(3)]).toEqual([
      '[ true, false, undefined ]',
      ['Go on? [y/N] ', 'Sure? [y/N] ', 'Done [Enter] '],
    ]);
  });

  it('prints before it asks what it has printed before', async () => {
    const cell = await kernel.begin("console.log('first'); const name: string | null = prompt('Name');\nname", {
      allow_stdin: true,
    });
    await cell.until(({ stdout }) => stdout === 'first\n');
    await until(() => asked.length > 0);
    await kernel.sendInput('typed late'); // as jupyter_client sends it, which doesn't say what it answers
    expect((await cell.done).result).toBe("'typed late'");
  });

  it('gets null for the end of the input, which consoles send for Ctrl-D', async () => {
    expect((await run("[prompt('x'), confirm('y')]", '\x04', '\x04')).result).toBe('[ null, false ]');
    expect(
      (await run('let all = "";\nfor await (const chunk of process.stdin) all += chunk;\nall', 'a', 'b', '\x04'))
        .result,
    ).toBe("'a\\nb\\n'");
  });

  it('asks by node:readline, one question at a time and none that nobody waits for', async () => {
    const { result } = await run(
      `${ANSWERS}
      const lines = readline.createInterface({ input: process.stdin, output: process.stdout });
      const name = await lines.question('Name? ');
      await new Promise((resolve) => setTimeout(resolve, 100));
      const age = await lines.question('Age? ');
      await new Promise((resolve) => setTimeout(resolve, 100));
      [name, age]`,
      'Ada',
      '36',
    );
    expect([result, asked]).toEqual(["[ 'Ada', '36' ]", ['Name? ', 'Age? ']]);
    expect((await run("const more = await lines.question('More? ');\nlines.close();\nmore", 'yes')).result).toBe(
      "'yes'",
    );
    expect(asked).toHaveLength(3);
  });

  it('asks by the callbacks of node:readline, and reads lines', async () => {
    const { result } = await run(
      `import { createInterface } from 'node:readline';
      import { promisify } from 'node:util';
      const other = createInterface({ input: process.stdin });
      const first = await new Promise((resolve) => other.question('First? ', resolve));
      const second = await promisify(other.question).call(other, 'Second? ');
      const rest: string[] = [];
      for await (const line of other) { rest.push(line); if (line === 'end') break; }
      [first, second, ...rest]`,
      'a',
      'b',
      'c',
      'end',
    );
    expect([result, asked]).toEqual(["[ 'a', 'b', 'c', 'end' ]", ['', '', '', '']]);
  });

  it('asks for a line as it reads standard input', async () => {
    const code = "await new Promise<string>((resolve) => process.stdin.once('data', (data) => resolve(String(data))))";
    for (const line of ['one', 'two']) expect((await run(code, line)).result).toBe(`'${line}\\n'`);
    expect(asked).toHaveLength(2);
  });

  it('can ask for what is not to be seen', async () => {
    const { result } = await run(
      "import { notebookHost } from 'tf-mechanics/kernel-host';\nawait notebookHost()?.input?.('Token: ', { password: true })",
      'secret',
    );
    expect([result, asked]).toEqual(["'secret'", ['Token: (password)']]);
  });

  it('is told where nobody can be asked', async () => {
    const told =
      'this front end takes no input, or a program runs the notebook: give the value in the cell, or read it from a file or an environment variable';
    for (const code of [
      "prompt('x')",
      "confirm('x')",
      `${ANSWERS}await readline.createInterface({ input: process.stdin }).question('x')`,
      'for await (const chunk of process.stdin) console.log(chunk);',
      `${ANSWERS}for await (const line of readline.createInterface({ input: process.stdin })) console.log(line);`,
    ])
      expect((await kernel.run(code)).reply).toMatchObject({ ename: 'Error', evalue: told });
  });

  it('asks nobody once it has ended', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'input-'));
    const file = path.join(folder, 'late');
    await run("import { renameSync, writeFileSync } from 'node:fs';");
    const told = `writeFileSync('${file}.new', String(error)); renameSync('${file}.new', '${file}');`;
    // No cell runs when it asks: by one that did, it might.
    await run(`setTimeout(() => { try { prompt('x'); } catch (error) { ${told} } }, 50);`);
    await until(() => existsSync(file));
    expect(readFileSync(file, 'utf8')).toBe('Error: nothing can be asked once a cell has ended: ask while it runs');
    rmSync(folder, { recursive: true });
  });
});

describe('an interrupt', () => {
  for (const [name, code] of Object.entries({
    'of prompt': "prompt('x')",
    'of a question': `${ANSWERS}await readline.createInterface({ input: process.stdin, output: process.stdout }).question('x')`,
    'of lines': `${ANSWERS}for await (const line of readline.createInterface({ input: process.stdin })) console.log(line);`,
    'of standard input': 'for await (const chunk of process.stdin) console.log(chunk);',
  }))
    it(`${name} ends the cell, and what is typed then is for nobody`, async () => {
      for (const interrupt of [() => kernel.interrupt(), () => kernel.process.kill('SIGINT')]) {
        const cell = await kernel.begin(code, { allow_stdin: true });
        const before = asked.length;
        await until(() => asked.length > before);
        await interrupt();
        expect((await cell.done).reply.ename).toBe('Interrupted');
        await kernel.sendInput('late');
        expect((await run("prompt('next')", 'meant')).result).toBe("'meant'");
      }
    });
});
