import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CellRun, KernelClient } from './testing/client';

let folder: string;
let kernel: KernelClient;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'outputs-'));
  kernel = await KernelClient.start({ cwd: folder, env: { JPY_SESSION_NAME: 'my book.ipynb' } });
  await kernel.run("const host = (globalThis as any)[Symbol.for('tf-mechanics.notebookHost')];");
});
afterAll(async () => {
  await kernel.shutDown();
  rmSync(folder, { recursive: true });
});

/** The last link that a cell shows. */
const linkOf = ({ messages }: CellRun): string | undefined =>
  messages.filter(({ content }) => content.data?.['text/html']?.includes('<a ')).at(-1)?.content.data['text/html'];
const filesOf = (run: CellRun) => [...(linkOf(run) ?? '').matchAll(/href="([^"]*)" target/g)].map(([, file]) => file!);
const read = (file = '') => readFileSync(path.join(folder, file), 'utf8');

describe('what is more than a page can show', () => {
  it('of lines is in a file, to which a link leads between the first and the last of them', async () => {
    const run = await kernel.run('for (let i = 0; i < 60_000; i++) console.log(i);\n"result"');
    const types = run.messages.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
    expect(types).toEqual([
      'execute_input',
      'stream',
      'display_data',
      'update_display_data',
      'stream',
      'execute_result',
    ]);
    const lines = run.stdout.split('\n');
    expect([lines.length, lines[49_999], lines[50_000], lines[50_001], lines.at(-2)]).toEqual([
      50_022,
      '49999',
      '…',
      '59980',
      '59999',
    ]);
    const [file] = filesOf(run);
    expect(file).toMatch(/^cell-outputs\/my-book-In-\d+-\d{14}\.txt$/);
    expect(linkOf(run)).toContain('(0.3 MB)');
    expect(read(file)).toBe(Array.from({ length: 60_000 }, (_, i) => `${i}\n`).join(''));
    expect(read('cell-outputs/.gitignore')).toBe('*\n');
    expect((await kernel.run("console.log('next')")).stdout).toBe('next\n');
  });

  it('of characters is, too, and the environment may say how many there are', async () => {
    const run = await kernel.run("console.log('x'.repeat(6e6)); console.log('y');");
    expect(run.stdout.length).toBeLessThan(5e6 + 10_100);
    expect(run.stdout.slice(-2)).toBe('y\n');
    expect(read(filesOf(run)[0])).toBe(`${'x'.repeat(6e6)}\ny\n`);
    await kernel.run("process.env.TF_MECHANICS_OUTPUT_LIMIT = '0.001';");
    const short = await kernel.run("console.log('x'.repeat(2000)); console.log('y');");
    await kernel.run('delete process.env.TF_MECHANICS_OUTPUT_LIMIT;');
    expect([short.stdout.indexOf('…'), read(filesOf(short)[0]).length]).toEqual([1000, 2003]);
  });

  it('of pictures and pages is in files of their own', async () => {
    const big = "'text/html': '<b>' + 'x'.repeat(2e6), 'text/plain': 'bold'";
    const run = await kernel.run(`for (let i = 0; i < 4; i++) host.display({ ${big} }); console.log('after');`);
    expect(run.messages.filter(({ content }) => content.data?.['text/html']?.startsWith('<b>'))).toHaveLength(2);
    const [text, ...displays] = filesOf(run);
    expect(displays.map((file) => read(file).length)).toEqual([2e6 + 3, 2e6 + 3]);
    expect(read(text)).toBe(`${displays.map((file) => `[bold: ${path.basename(file)}]\n`).join('')}after\n`);
    expect(run.stdout).toBe('after\n'); // it prints little
  });

  it('gives way to a link where it is to replace something', async () => {
    const show = (size: number, update: boolean) =>
      `host.display({ 'image/png': 'A'.repeat(${size}) }, { displayId: 'grows', update: ${update} });`;
    const run = await kernel.run(show(4, false) + show(6e6, true) + show(8e6, true) + show(400, true));
    const forms = run.messages.slice(1).map(({ type, content }) => [type, Object.keys(content.data)[0]]);
    expect(forms.filter(([, form]) => form === 'image/png')).toEqual([
      ['display_data', 'image/png'],
      ['update_display_data', 'image/png'],
    ]);
    expect(readdirSync(path.join(folder, 'cell-outputs')).filter((name) => name.endsWith('.png'))).toHaveLength(1);
  });

  it('of a result is its beginning and its end', async () => {
    const run = await kernel.run("Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => ['key' + i, i]))");
    expect(run.result?.length).toBeLessThan(70_000);
    expect(run.result).toMatch(/^\{\n {2}key0: 0,[\s\S]*\n… \d\.\d MB in all …\n[\s\S]*key49999: 49999\n\}$/);
    expect(read(filesOf(run)[0])).toContain('key30000: 30000,');
    const cube = await kernel.run('Array.from({ length: 100 }, () => Array(100).fill(Array(100).fill(1)))');
    expect(cube.result?.length).toBeLessThan(50_000);
    expect(linkOf(cube)).toBeUndefined();
  });

  it('of an error is cut', async () => {
    const { reply } = await kernel.run("throw new Error('x'.repeat(1e6) + '\\ny'.repeat(1e5))");
    expect([reply.evalue.length < 5_000, reply.traceback.join('\n').length < 20_000]).toEqual([true, true]);
    const wrong = await kernel.run(`const long = '${'x'.repeat(1e5)}'; const wrong: number = long;`);
    expect(wrong.reply.traceback.join('\n').length).toBeLessThan(10_000);
  });

  it('of an error of many is some of them', async () => {
    const { reply } = await kernel.run(
      "throw new AggregateError(Array.from({ length: 1000 }, (_, i) => new Error('part ' + i)), 'all')",
    );
    const text = reply.traceback.join('\n');
    expect(text).toContain('part 9');
    expect(text).toContain('and 990 more');
    expect(text).not.toContain('part 10');
  });

  it('of an output of another kind, such as a region, is a link there, until that is cleared', async () => {
    const run = await kernel.run(`
      const there: string[] = [];
      const limited = host.limited({
        stream: (_: string, text: string) => there.push(text),
        display: (data: any) => there.push(data['text/plain']),
        clear: () => there.splice(0),
      });
      host.divert(limited, () => { for (let i = 0; i < 10; i++) console.log('x'.repeat(1e6)); });
      host.divert(limited, () => host.display({ 'text/plain': 'picture', 'image/png': 'A'.repeat(6e6) }));
      const all = there.join('');
      limited.clear(false);
      host.divert(limited, () => console.log('y'));
      [all.length < 5.1e6, /this output shows more than a page can take.*cell-outputs.*…\\nx+\\n/s.test(all), there]`);
    expect(run.result).toBe("[ true, true, [ 'y\\n' ] ]");
    expect(run.stdout).toBe('');
  });

  it('of what comes after the end of a cell is, too', async () => {
    const cell = await kernel.begin(
      "const { output } = host; setTimeout(() => { for (let i = 0; i < 10; i++) output.stream('stdout', 'x'.repeat(1e6)); output.stream('stderr', 'over'); host.display({ 'text/plain': 'over' }); });",
    );
    let printed = 0;
    let links = 0;
    const over = new Promise<void>((resolve) => {
      const stop = kernel.onMessage(({ content }) => {
        printed += content.text?.length ?? 0;
        const text = content.data?.['text/plain'];
        if (text?.includes('cell-outputs')) links++;
        if (text !== 'over') return;
        stop();
        resolve();
      });
    });
    await cell.done;
    await over;
    expect([printed <= 5e6, links > 0]).toEqual([true, true]);
  });

  it('is forgotten when the output is cleared', async () => {
    const run = await kernel.run(
      "for (let i = 0; i < 60_000; i++) console.log(i); host.clearOutput(); console.log('after');",
    );
    expect(run.messages.at(-1)).toMatchObject({ type: 'stream', content: { text: 'after\n' } });
    expect(existsSync(path.join(folder, filesOf(run)[0]!))).toBe(false);
  });
});
