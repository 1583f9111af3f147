// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates in their text
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient } from './testing/client';

const notebooks = path.join(__dirname, '..', '..', 'notebooks');
let kernel: KernelClient;

beforeAll(async () => {
  kernel = await KernelClient.start({ cwd: notebooks });
});
afterAll(() => kernel.shutDown());

/** A cell's error without colours. */
const plain = (lines: readonly string[] = []) => stripVTControlCharacters(lines.join('\n'));

describe('output', () => {
  it('arrives whole and in order, however much is printed', async () => {
    const { stdout, messages } = await kernel.run('for (let i = 0; i < 20_000; i++) console.log(`line ${i}`);');
    expect(stdout).toBe(Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(''));
    expect(messages.filter(({ type }) => type === 'stream').length).toBeLessThan(100);
  });

  it('keeps the order of both streams and of what is displayed between', async () => {
    const { messages } = await kernel.run(`
      import { display } from 'tslab';
      console.log('one'); console.error('two'); display.html('<b>three</b>'); console.log('four');`);
    const shown = messages.map(({ type, content }) => content.text ?? content.data?.['text/html'] ?? type);
    expect(shown).toEqual(['execute_input', 'one\n', 'two\n', '<b>three</b>', 'four\n']);
  });

  it('streams while a cell computes without awaiting anything', async () => {
    const seen = path.join(kernel.folder, 'seen');
    const cell = await kernel.begin(`
      console.log('begun'); console.log('really');
      while (!require('node:fs').existsSync(${JSON.stringify(seen)}));
      console.log('over');`);
    await cell.until(({ stdout }) => stdout === 'begun\nreally\n');
    writeFileSync(seen, '');
    expect((await cell.done).stdout).toBe('begun\nreally\nover\n');
  });

  it('is joined again where bytes are written in the middle of a character', async () => {
    const { stdout } = await kernel.run(`
      const euro = Buffer.from('€');
      process.stdout.write(euro.subarray(0, 1)); process.stdout.write(euro.subarray(1));`);
    expect(stdout).toBe('€');
  });

  it('calls back whoever writes to stdout', async () => {
    const { result } = await kernel.run(
      "await new Promise(resolve => process.stdout.write('x', () => resolve('written')))",
    );
    expect(result).toBe("'written'");
  });

  it('belongs to the cell that began it, also after that has ended', async () => {
    const cell = await kernel.begin("setTimeout(() => console.log('late'), 150);");
    await cell.done;
    const next = await kernel.run("console.log('next'); await new Promise(resolve => setTimeout(resolve, 300));");
    expect(next.stdout).toBe('next\n');
    expect(cell.messages.some(({ content }) => content.text === 'late\n')).toBe(false); // the listener ended with the cell
  });

  it('is not lost where one prints without end: memory stays bounded and an interrupt works', async () => {
    const cell = await kernel.begin("for (;;) console.log('x'.repeat(100));");
    await cell.until(({ stdout }) => stdout.length > 1000);
    await kernel.interrupt();
    expect((await cell.done).reply.ename).toBe('Interrupted');
  });
});

describe('a cell', () => {
  it('publishes its code and its number', async () => {
    const { messages, reply } = await kernel.run('const one = 1;');
    expect(messages[0]).toMatchObject({
      type: 'execute_input',
      content: { code: 'const one = 1;', execution_count: reply.execution_count },
    });
  });

  it('gives the value of its last expression as a result', async () => {
    const { messages, reply } = await kernel.run('one + 1');
    const result = messages.find(({ type }) => type === 'execute_result');
    expect(result?.content).toEqual({
      data: { 'text/plain': '2' },
      metadata: {},
      execution_count: reply.execution_count,
    });
  });

  it('gives no result for a statement, undefined or null', async () => {
    for (const code of ['const two = 2;', 'undefined', 'null', 'console.log()'])
      expect((await kernel.run(code)).result).toBeUndefined();
  });

  it('shows a value in the forms that it gives itself', async () => {
    const { messages } = await kernel.run(`({
      [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'dot', 'text/html': '<b>·</b>', 'image/png': new Uint8Array([1, 2, 3]) }),
    })`);
    expect(messages.at(-1)?.content.data).toEqual({
      'text/plain': 'dot',
      'text/html': '<b>·</b>',
      'image/png': 'AQID',
    });
  });

  it('may await, also in a loop over something asynchronous', async () => {
    const { stdout } = await kernel.run(`
      async function* numbers() { yield 1; yield 2; }
      for await (const n of numbers()) console.log(await Promise.resolve(n));`);
    expect(stdout).toBe('1\n2\n');
  });

  it('is followed by a pause, of which those are told who asked for it', async () => {
    const said = new Promise<unknown>((resolve) => {
      const stop = kernel.onMessage(({ content }) => {
        if (content.text !== 'paused\n') return;
        stop();
        resolve(content.text);
      });
    });
    await kernel.run(
      "(globalThis as any)[Symbol.for('tf-mechanics.notebookHost')].onPause(() => console.log('paused'));",
    );
    expect(await said).toBe('paused\n');
  });

  it('may declare again what another cell has declared', async () => {
    await kernel.run('const again = 1; class Again {} function f() { return again; }');
    await kernel.run("const again = 'text'; class Again { x = 1 } function f() { return again.length; }");
    expect((await kernel.run('f() + new Again().x')).result).toBe('5');
  });

  it('may be run again and again as it is', async () => {
    for (const code of ['1 + 1', 'const same = 2;\nsame', 'let counted = 1;\n++counted'])
      for (let i = 0; i < 3; i++) expect((await kernel.run(code)).result).toBe('2');
    for (let i = 0; i < 3; i++) expect((await kernel.run('const no: string = 1;')).reply.ename).toBe('TypeScriptError');
  });

  it('leaves to others what it declares, also where it has been run twice', async () => {
    await kernel.run('const again = { n: 7 };');
    expect((await kernel.run('again.n')).result).toBe('7');
    for (let i = 0; i < 2; i++) await kernel.run('const again = { n: 7 };');
    await kernel.run('const ofAgain = again;');
    for (const code of ['again.n', 'ofAgain.n']) expect((await kernel.run(code)).result).toBe('7');
  });

  it('sees what another cell assigns to a variable that its own functions use', async () => {
    await kernel.run('let rate = 0.1; const half = () => rate / 2;');
    await kernel.run('rate = 1;');
    expect((await kernel.run('half()')).result).toBe('0.5');
  });

  it('may name the variables of others in the short form of a property', async () => {
    await kernel.run('const width = 3; let height = 4;');
    const { result } = await kernel.run(
      'const area = ({ width, height }: { width: number; height: number }) => width * height;\n({ height } = { height: 5 });\n[area({ width, height }), { width, height }]',
    );
    expect(result).toBe('[ 15, { width: 3, height: 5 } ]');
  });

  it('may declare with var in a block, a branch or a loop, for itself and for other cells', async () => {
    expect((await kernel.run('var v = 1; { var v = 2; }\nv')).result).toBe('2');
    await kernel.run(`
      if (v > 1) { var inIf = 'text'; } else var inElse = 2;
      for (var i = 0, n = 3; i < n; i++) var last = i;
      for (var of of [7, 8]);
      for (var key in { k: 1 }) { var { a, b: [c] } = { a: 1, b: [2] }, d = a + c; }
      try { throw 5; } catch (e) { var caught = e as number; } finally { var end = true; }
      switch (v) { case 2: var one = 'one'; }
      const f = () => { var inner = 1; return inner; };`);
    const all = 'JSON.stringify([inIf, inElse, i, n, last, of, key, a, c, d, caught, end, one])';
    expect((await kernel.run(all)).result).toBe(`'["text",null,3,3,2,8,"k",1,2,3,5,true,"one"]'`);
    expect((await kernel.run('inIf.toUpperCase() + caught.toFixed()')).result).toBe("'TEXT5'"); // typed
    expect((await kernel.run('inner')).reply.evalue).toContain("Cannot find name 'inner'");
  });

  it('knows its folder and its file, and what a module knows of itself', async () => {
    const { stdout } = await kernel.run(
      'for (const known of [__dirname, __filename, module.filename, import.meta.url, import.meta.dirname, require.resolve(__dirname + "/../package.json"), import.meta.resolve("node:fs")]) console.log(known);',
    );
    const file = path.join(notebooks, 'notebook.ipynb');
    expect(stdout.trim().split('\n')).toEqual([
      notebooks,
      file,
      file,
      `file://${file}`,
      notebooks,
      path.join(notebooks, '..', 'package.json'),
      'node:fs',
    ]);
  });

  it('may declare global names and namespaces, which later cells know', async () => {
    await kernel.run(`
      declare global { interface Array<T> { second(): T | undefined } var told: number }
      Array.prototype.second = function () { return this[1]; };
      globalThis.told = 4;
      namespace Nested { export const x = 1; }`);
    await kernel.run('const between = 1;');
    expect((await kernel.run('[[3, 5].second(), told, Nested.x]')).result).toBe('[ 5, 4, 1 ]');
    await kernel.run('told = 6;');
    expect((await kernel.run('globalThis.told')).result).toBe('6');
    const again = 'declare global { var told: string }\nnamespace Nested { export const x = 2; }\nNested.x';
    for (let i = 0; i < 2; i++) expect((await kernel.run(again)).result).toBe('2');
  });

  it('may tell types of a model, alone in a cell too, and again when its class is another', async () => {
    await kernel.run("import { models } from 'tf-mechanics';");
    const mine = (field: string) =>
      `class Mine extends models.FullyConnected { static override readonly modelName: string = 'mine'; ${field} }`;
    const told = "declare module 'tf-mechanics' { interface ModelRegistry { mine: typeof Mine } }";
    await kernel.run(`${mine('mark = 7;')} models.registerModel(Mine);`);
    expect((await kernel.run(told)).reply.status).toBe('ok');
    expect((await kernel.run("models.makeModel({ modelName: 'mine', hidden1: 3 }).mark")).result).toBe('7');
    const { reply } = await kernel.run("models.makeModel({ modelName: 'mine', hidden: 3 })");
    expect(plain(reply.traceback)).toContain("Did you mean to write 'hidden1'?");
    for (let i = 0; i < 2; i++) {
      await kernel.run(`${mine('sign = 8;')} ${told} models.registerModel(Mine);`);
      expect((await kernel.run("models.makeModel({ modelName: 'mine' }).sign")).result).toBe('8');
    }
  });

  it('shows that it was not awaited, a function as it was written, and nothing of the kernel', async () => {
    const advice = 'Promise — await it: write await before it, to go on with its value';
    expect((await kernel.run('new Promise(() => {})')).result).toBe(`Promise { <pending> }\n${advice}`);
    const after = (what: string) => `(async () => { await new Promise(r => setTimeout(r, 20)); ${what}; })()`;
    expect((await kernel.run(after('return [5]'))).result).toBe(`${advice}\n[ 5 ]`);
    expect((await kernel.run(after("throw new RangeError('late')"))).reply).toMatchObject({ evalue: 'late' });
    expect((await kernel.run('[1, 2].map(async (x) => x)')).result).toContain('await Promise.all(…)');
    const rich = after("return { [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>' }) }");
    expect((await kernel.run(rich)).messages.at(-1)?.content.data['text/html']).toBe(`<div>${advice}</div><b>x</b>`);
    // Whoever handles it later still does.
    await kernel.run(
      "const failing = new Promise((_, reject) => setTimeout(() => reject(new Error('x')), 150)); failing",
    );
    expect((await kernel.run('await failing.catch(({ message }) => message)')).result).toBe("'x'");
    const { result, stdout } = await kernel.run(
      'const late = Promise.resolve(1); console.log(late, [late]);\n[{ late }, setTimeout(() => {}, 1), setImmediate(() => {})]',
    );
    expect(stdout).toBe('Promise { 1 } [ Promise { 1 } ]\n');
    expect(result).not.toContain('kResourceStore');
    for (const [code, shown] of [
      ['async () => 1', '[AsyncFunction (anonymous)]'],
      ['() => 1', '[Function (anonymous)]'],
      ['(function () {})', '[Function (anonymous)]'],
      ['(class {})', '[class (anonymous)]'],
      ['(class Own {})', '[class Own]'],
    ] as const)
      expect((await kernel.run(code)).result).toBe(shown);
  });

  it('has functions tell their text as it was written, and is its own program', async () => {
    await kernel.run('let factor = 2;');
    const { result } = await kernel.run(
      'function times(x: number) {\n  for (;;) {\n    const file = import.meta.url, more = import("node:os");\n    return x * factor;\n  }\n}\n[String(times), require.main === module]',
    );
    expect(result).not.toMatch(/\$|exports/);
    expect(result).toMatch(
      /function times\(x\) \{.*for \(;;\) \{.*const file = import\.meta\.url, more = import\("node:os"\);.*return x \* factor;.*true/s,
    );
  });

  it('may be written as a file is, with export before what it declares', async () => {
    await kernel.run(
      'export const shared = 1;\nexport function twice(x: number) { return 2 * x; }\nexport interface Shape { x: number }',
    );
    const { result } = await kernel.run('const shape: Shape = { x: twice(shared) };\nshape.x');
    expect(result).toBe('2');
  });

  it('may import types alone', async () => {
    expect(
      (await kernel.run("import type { Stats } from 'node:fs'; const s: Stats | undefined = undefined;")).reply.status,
    ).toBe('ok');
  });

  it('that is silent publishes no code and no result and is not counted', async () => {
    const before = (await kernel.run('0')).reply.execution_count;
    const { messages, reply } = await kernel.run('1', { silent: true });
    expect(messages).toEqual([]);
    expect(reply.execution_count).toBe(before);
  });

  it('has no standard input, and says so', async () => {
    const asked = await kernel.run(
      "import * as readline from 'node:readline/promises';\nawait readline.createInterface({ input: process.stdin }).question('name? ');",
    );
    expect(asked.reply.evalue).toContain('this front end takes no input');
  });

  it("can't end the kernel", async () => {
    expect((await kernel.run('process.exit(1)')).reply.evalue).toContain('would end the kernel');
    expect((await kernel.run('1 + 1')).result).toBe('2');
  });

  it('can empty its output', async () => {
    const { messages } = await kernel.run(
      "console.log('gone');\n(globalThis as any)[Symbol.for('tf-mechanics.notebookHost')].clearOutput();",
    );
    expect(messages.at(-1)).toMatchObject({ type: 'clear_output', content: { wait: false } });
  });

  it('can show something and later replace it', async () => {
    const { messages } = await kernel.run(`
      import { newDisplay } from 'tslab';
      const shown = newDisplay(); shown.text('first'); shown.text('second');`);
    const [first, second] = messages.slice(1);
    expect([first?.type, second?.type]).toEqual(['display_data', 'update_display_data']);
    expect(second?.content.data).toEqual({ 'text/plain': 'second' });
    expect(second?.content.transient.display_id).toBe(first?.content.transient.display_id);
  });
});

describe('an error', () => {
  it("has a name, a message, and a traceback that points at the cell's own lines", async () => {
    const { messages, reply } = await kernel.run(
      'interface Unused { a: number }\n\nfunction fail(n: number): never {\n  // why\n  throw new RangeError(`no ${n}`);\n}\n\nfail(3);',
    );
    expect(reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'no 3' });
    expect(messages.at(-1)).toMatchObject({ type: 'error', content: { ename: 'RangeError', evalue: 'no 3' } });
    const cell = `In[${reply.execution_count}]`;
    expect(plain(reply.traceback).split('\n')).toEqual([
      'RangeError: no 3',
      '',
      `${cell}:5:9`,
      '  3 │ function fail(n: number): never {',
      '  4 │   // why',
      '> 5 │   throw new RangeError(`no ${n}`);',
      '    │         ^',
      '  6 │ }',
      '  7 │ ',
      '',
      `    at fail (${cell}:5:9)`,
      `    at ${cell}:8:1`,
    ]);
  });

  it('that is thrown after awaiting names the line, too', async () => {
    const { reply } = await kernel.run(
      'let waited = 0;\nfor (const ms of [1, 2]) {\n  await new Promise(r => setTimeout(r, ms));\n}\nthrow new Error("late");',
    );
    expect(plain(reply.traceback)).toContain(`In[${reply.execution_count}]:5:7`);
  });

  it("of the library shows the cell's line and the library's sources", async () => {
    const { reply } = await kernel.run(
      "import { tf } from 'tf-mechanics';\n\ntf.matmul(tf.constant([1, 2]), tf.constant([3]));",
    );
    expect(reply.ename).toBe('InvalidArgumentError');
    expect(reply.evalue).toContain(`building operation 'MatMul' (MatMul) at In[${reply.execution_count}]:3:`);
    const text = plain(reply.traceback);
    expect(text).toContain('> 3 │ tf.matmul(tf.constant([1, 2]), tf.constant([3]));');
    expect(text).toMatch(/at \S+ \(\.\.\/lib\/src\/tf\/graph\/graph\.ts:\d+:\d+\)/);
    expect(text).not.toMatch(/kernel\/|node:internal/);
  });

  it("of something asynchronous in the library shows the cell's line, too", async () => {
    const { reply } = await kernel.run("import { data } from 'tf-mechanics';\n\nawait data.readIdx('no-such-file');");
    expect(reply.ename).toBe('NotFoundError');
    expect(plain(reply.traceback)).toContain("> 3 │ await data.readIdx('no-such-file');");
  });

  it('tells its causes', async () => {
    const { reply } = await kernel.run("throw new Error('outer', { cause: new TypeError('inner') });");
    expect(plain(reply.traceback)).toMatch(/Error: outer[\s\S]*caused by\nTypeError: inner/);
  });

  it('may be anything that is thrown', async () => {
    expect((await kernel.run("throw 'just text';")).reply).toMatchObject({ ename: 'Error', evalue: 'just text' });
    expect((await kernel.run('throw null;')).reply).toMatchObject({ ename: 'Error', evalue: 'null' });
  });

  it('of types is shown as the compiler shows it, against the cell', async () => {
    const { reply } = await kernel.run('const ok = 1;\nconst text: string = ok;\nconst f = x => x;');
    const cell = `In[${reply.execution_count}]`;
    expect(reply.ename).toBe('TypeScriptError');
    const text = plain(reply.traceback);
    expect(text).toContain(
      `${cell}:2:7 - error TS2322: Type 'number' is not assignable to type 'string'.\n\n2 const text: string = ok;\n        ~~~~`,
    );
    expect(text).toContain(`${cell}:3:11 - error TS7006: Parameter 'x' implicitly has an 'any' type.`);
  });

  it('of a regular expression that Node is too old for points at it', async () => {
    const { reply, result } = await kernel.run("const first = 1;\nconst next = 2; /^(?i:a)$/.test('A')");
    if (Number.parseInt(process.versions.node, 10) >= 23) expect(result).toBe('true');
    else expect(plain(reply.traceback)).toMatch(/^SyntaxError: Invalid regular expression.*\n\nIn\[\d+\]:2:17\n/);
  });

  it('names what is not a function as the cell does', async () => {
    await kernel.run('const notAFunction: any = 3;');
    for (const [code, message] of [
      ['notAFunction()', 'notAFunction is not a function'],
      ['new notAFunction()', 'notAFunction is not a constructor'],
      [
        "import { readFileSync } from 'node:fs';\n(readFileSync as any).nothing()",
        'readFileSync.nothing is not a function',
      ],
      ["import * as files from 'node:fs';\n(files as any).nothing()", 'files.nothing is not a function'],
    ] as const) {
      const { reply } = await kernel.run(code);
      expect([reply.evalue, plain(reply.traceback).split('\n')[0]]).toEqual([message, `TypeError: ${message}`]);
    }
    const destructured = await kernel.run('const { x } = notAFunction.none;');
    expect(destructured.reply.evalue).toBe(
      "Cannot destructure property 'x' of 'notAFunction.none' as it is undefined.",
    );
    const caught = 'try { notAFunction(); } catch (error) { console.log(error); }';
    expect((await kernel.run(caught)).stdout).toMatch(/^TypeError: notAFunction is not a function\n {4}at In/);
    expect((await kernel.run("throw new Error('exports.x is not a function')")).reply.evalue).toBe(
      'exports.x is not a function',
    );
  });

  it('calls a function of another cell by its name alone, and a method by that of its object', async () => {
    await kernel.run("function fails(): never { throw new Error('here'); }\nconst tool = { breaks: () => fails() };");
    const { reply } = await kernel.run('tool.breaks()');
    expect(plain(reply.traceback).match(/at .+(?= \()/g)).toEqual(['at fails', 'at Object.breaks']);
    expect(plain((await kernel.run('fails()')).reply.traceback).match(/at .+(?= \()/g)).toEqual(['at fails']);
  });

  it('that quotes a function shows nothing of what the kernel has added to it', async () => {
    const clone = 'structuredClone((x: number) => { for (;;); })';
    const message = '(x) => { … } could not be cloned.';
    const { reply } = await kernel.run(clone);
    expect([reply.evalue, plain(reply.traceback).split('\n')[0]]).toEqual([message, `DataCloneError: ${message}`]);
    const caught = await kernel.run(`try { ${clone}; } catch (error) { console.log((error as Error).message); }`);
    expect(caught.stdout).toBe(`${message}\n`);
  });

  it("that comes from another cell's class shows the call first", async () => {
    const model = await kernel.run("class Fragile {\n  build() { throw new RangeError('inside'); }\n}");
    const { reply } = await kernel.run('const fragile = new Fragile();\nfragile.build();');
    const shown = plain(reply.traceback).split('\n');
    const call = shown.indexOf(`In[${reply.execution_count}]:2:9`);
    expect(shown[call + 2]).toBe('> 2 │ fragile.build();');
    expect(shown.findIndex((line) => line.startsWith(`In[${model.reply.execution_count}]:2:`))).toBeGreaterThan(call);
  });

  it('has its message with names as the cell does where a cell catches it', async () => {
    await kernel.run("import path from 'node:path'; const five: any = 5; const nobody: any = undefined;");
    const caught = async (code: string) =>
      (await kernel.run(`try { ${code} } catch (e: any) { console.log(e.message); }`)).stdout;
    expect(await caught('five();')).toBe('five is not a function\n');
    expect(await caught('(path as any).nothing();')).toBe('path.nothing is not a function\n');
    expect(await caught('[...five];')).toBe('five is not iterable\n');
    expect(await caught('const { a } = nobody;')).toBe(
      "Cannot destructure property 'a' of 'nobody' as it is undefined.\n",
    );
    const called = 'Promise.resolve().then(() => five())';
    for (const rest of ['.catch((e: any) => e.message)', '.then(null, async function (e: any) { return e.message; })'])
      expect((await kernel.run(`await ${called}${rest}`)).result).toBe("'five is not a function'");
    const parts = await kernel.run('try { await five(); } catch ({ message }: any) { message }');
    expect(parts.reply.status).toBe('ok');
    const taken = await kernel.run(
      'let told = ""; try { new five(); } catch ({ message }: any) { told = message; }\ntold',
    );
    expect(taken.result).toBe("'five is not a constructor'");
    const text = await kernel.run(
      'console.log(String(function (f: any) { try { f(); } catch ({ message }: any) { return message; } try { f(); } catch (e) { throw e; } }))',
    );
    expect(text.stdout).toMatch(/catch \(\{ message \}\) \{\n\s+return message;[\s\S]*catch \(e\) \{\n\s+throw e;/);
  });

  it('has a stack of its own places, also where the cell itself prints it', async () => {
    const { stdout, stderr, reply } = await kernel.run(
      "function deep() { return new Error('seen').stack; }\nconsole.log(deep()); console.trace('here', 1);",
    );
    const cell = `In[${reply.execution_count}]`;
    expect(stdout).toBe(`Error: seen\n    at deep (${cell}:1:26)\n    at ${cell}:2:13\n`);
    expect(stderr).toBe(`Trace: here 1\n    at ${cell}:2:30\n`);
    // Functions without a name have none of the kernel's making.
    await kernel.run('const panel = { on: [() => new Error("called").stack] };\nlet later = () => panel.on[0]!();');
    const called = await kernel.run('({ inner: { last: () => later() } }).inner.last()');
    expect(called.result).toMatch(/called/);
    expect(called.result).not.toMatch(/exports|tsLastExpr/);
  });

  it('that is a value, and not thrown, is its message and where cells made it, without what lies between', async () => {
    const built = await kernel.run(
      "import { tf } from 'tf-mechanics';\nconst product = (n: number) => tf.matmul(tf.zeros([2, 3]), tf.zeros([n, 2]));",
    );
    const { result, reply } = await kernel.run(
      'let problem: unknown;\ntry { product(4); } catch (e) { problem = e; }\nproblem',
    );
    const [there, here] = [`In[${built.reply.execution_count}]`, `In[${reply.execution_count}]`];
    expect(result).toMatch(/^InvalidArgumentError: Dimensions must be equal/);
    const lines = result!.split('\n');
    expect(lines[lines.indexOf(`${here}:2:7`) + 2]).toBe('> 2 │ try { product(4); } catch (e) { problem = e; }');
    expect(lines.findIndex((line) => line.startsWith(`${there}:2:`))).toBeGreaterThan(lines.indexOf(`${here}:2:7`));
    expect(lines.filter((line) => line.startsWith('    at ')).every((line) => /In\[\d+\]:/.test(line))).toBe(true);
    // One that has others in it is shown whole.
    expect((await kernel.run("new Error('two', { cause: new Error('one') })")).result).toMatch(
      /^Error: two\n[\s\S]*cause/,
    );
  });

  it('of a graph that is not the one says what mostly makes that so', async () => {
    await kernel.run(
      "import { tf } from 'tf-mechanics'; let g = new tf.Graph(); const c = g.asDefault(() => tf.constant(1));",
    );
    const { reply } = await kernel.run('g = new tf.Graph();\nnew tf.Session({ graph: g }).runSync(c)');
    const [first, second] = [`In[${reply.execution_count - 1}]`, `In[${reply.execution_count}]`];
    expect(reply.evalue).toBe(
      `Tensor 'Const:0' float32 [] belongs to another graph: it was built at ${first}:1:91, its graph was made at ${first}:1:44, the graph here at ${second}:1:5. ` +
        `It is left from before the newer graph of ${second}: run ${first} again, which builds it, and all cells below that`,
    );
    await kernel.run(
      'const late = g.asDefault(() => tf.constant(1)); const early = new tf.Session({ graph: c.graph });',
    );
    expect((await kernel.run('early.runSync(late)')).reply.evalue).toContain(
      `What uses it here (a session, a saver) is left from before the newer graph of ${second}: run the cell again that makes that`,
    );
  });

  it('of many unknown names is one sentence that says what to do', async () => {
    const { reply } = await kernel.run(Array.from({ length: 30 }, (_, i) => `missing${i};`).join('\n'));
    const sentence =
      'no cell that has run declares missing0, missing1, missing2, missing3, missing4 and 25 more names: after a restart, run the cells above first (Run > Run All Above Selected Cell)';
    expect([reply.evalue, plain(reply.traceback)]).toEqual([sentence, sentence]);
    await kernel.run('const declared = 1;');
    const one = await kernel.run('graph1.operations; const test1 = sets1;');
    expect(plain(one.reply.traceback).match(/Cannot find name '\w+'/g)).toHaveLength(2); // may be slips
    const mixed = await kernel.run('lost1; lost2; lost3; const f = x => lost4; const s: string = 1;');
    expect(plain(mixed.reply.traceback).match(/error TS\d+/g)).toEqual(['error TS2322']);
  });

  it('of types calls dtypes and modules by their names, and shows no file of declarations', async () => {
    await kernel.run("import { tf } from 'tf-mechanics';");
    const wrong = async (code: string) => plain((await kernel.run(code)).reply.traceback);
    expect(await wrong("tf.placeholder('foo')")).toContain("'\"foo\"' is not assignable to parameter of type 'DType'.");
    expect(await wrong("tf.constant(1, { dtype: 'x' })")).toContain(
      `'"x"' is not assignable to type 'HostDType | undefined'`,
    );
    const text = await wrong('tf.argmax(1, 0)');
    expect(text).toContain(`'argmax' does not exist on type 'typeof import("tf-mechanics")'. Did you mean 'argMax'?`);
    expect(text).not.toMatch(/d\.ts|declared here/);
  });

  it('of types is one of many only up to a number that can be read', async () => {
    const { reply } = await kernel.run(Array.from({ length: 30 }, (_, i) => `const s${i}: string = ${i};`).join('\n'));
    expect(plain(reply.traceback).match(/error TS2322/g)).toHaveLength(8);
    expect(plain(reply.traceback)).toContain('… and 22 more errors');
  });

  it('leaves what the cell has declared before it, and what earlier cells meant by the others', async () => {
    await kernel.run("const kept = 'old'; const replaced = 'old';");
    await kernel.run(
      "const replaced = 2; const fresh = 3; if (fresh === 3) throw new Error('stop'); const kept = 4; const unborn = 5;",
    );
    expect((await kernel.run('[kept.length, replaced + fresh]')).result).toBe('[ 3, 5 ]');
    expect((await kernel.run('unborn')).reply.evalue).toContain("Cannot find name 'unborn'");
  });

  it('that nobody handles fails the cell that it comes from', async () => {
    expect((await kernel.run("Promise.reject(new Error('unhandled'));")).reply).toMatchObject({
      status: 'error',
      evalue: 'unhandled',
    });
    const { reply } = await kernel.run(
      "(async () => { await null; throw new Error('inside'); })(); await new Promise(r => setTimeout(r, 1000));",
    );
    expect(reply).toMatchObject({ status: 'error', evalue: 'inside' });
    const timer = await kernel.run(
      "setTimeout(() => { throw new Error('timer'); }, 5); await new Promise(r => setTimeout(r, 1000));",
    );
    expect(timer.reply).toMatchObject({ status: 'error', evalue: 'timer' });
  });

  it('of a cell that has ended is told loudly, as output of that cell', async () => {
    const errors: { parent: string; text: string }[] = [];
    const stop = kernel.onMessage(({ type, parent, content }) => {
      if (type === 'stream' && content.name === 'stderr') errors.push({ parent, text: content.text });
    });
    const cell = await kernel.begin("setTimeout(() => Promise.reject(new Error('too late')), 100);");
    expect((await cell.done).reply.status).toBe('ok');
    expect((await kernel.run('await new Promise(r => setTimeout(r, 300));')).reply.status).toBe('ok');
    stop();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.parent).toBe(cell.id);
    expect(errors[0]?.text).toMatch(/Nothing handled this error.*too late/s);
  });

  it('has the cells that were sent after it refused, and later ones run', async () => {
    const [failing, refused] = await Promise.all([
      kernel.begin("throw new Error('first');"),
      kernel.begin("console.log('second')"),
    ]);
    expect((await failing.done).reply.status).toBe('error');
    const { reply, stdout } = await refused.done;
    expect([reply.status, stdout]).toEqual(['aborted', '']);
    expect((await kernel.run('1')).reply.status).toBe('ok');
  });

  it('lets those that were sent after it run where the client says so', async () => {
    const [, next] = await Promise.all([
      kernel.begin("throw new Error('first');", { stop_on_error: false }),
      kernel.begin('2'),
    ]);
    expect((await next.done).result).toBe('2');
  });
});

describe('an interrupt', () => {
  it('stops a loop that awaits nothing; variables stay usable', async () => {
    const cell = await kernel.begin("let steps = 0;\nconsole.log('on'); for (;;) steps++;");
    await cell.until(({ stdout }) => stdout !== '');
    await sleep(50);
    await kernel.interrupt();
    const { reply } = await cell.done;
    expect(reply).toMatchObject({ status: 'error', ename: 'Interrupted', evalue: 'the cell was interrupted' });
    expect(plain(reply.traceback)).toContain(`In[${reply.execution_count}]:2:`);
    expect((await kernel.run('steps > 0')).result).toBe('true');
  });

  it('stops such a loop also after the cell has awaited something, in functions and callbacks', async () => {
    const cell = await kernel.begin(
      "await null; console.log('on');\nconst spin = () => { for (;;) [1, 2].forEach(() => {}); };\nspin();",
    );
    await cell.until(({ stdout }) => stdout !== '');
    await kernel.interrupt();
    expect((await cell.done).reply.ename).toBe('Interrupted');
  });

  it('runs finally blocks, and is not swallowed for good by catch', async () => {
    const cell = await kernel.begin(
      "console.log('on'); try { for (;;) try { for (;;); } catch {} } finally { console.log('cleaned'); }",
    );
    await cell.until(({ stdout }) => stdout !== '');
    await kernel.interrupt();
    const { reply, stdout } = await cell.done;
    expect([reply.ename, stdout]).toEqual(['Interrupted', 'on\ncleaned\n']);
  });

  it('stops a search by a regular expression that takes for ever', async () => {
    const cell = await kernel.begin("console.log('on'); /(a+)+$/.test('a'.repeat(40) + 'b');");
    await cell.until(({ stdout }) => stdout !== '');
    await kernel.interrupt();
    expect((await cell.done).reply.ename).toBe('Interrupted');
    expect((await kernel.run('1 + 1')).result).toBe('2');
  });

  it('stops a loop that awaits session.run at its next step, with the session usable after it', async () => {
    await kernel.run(`
      import { tf } from 'tf-mechanics';
      const graph = new tf.Graph();
      const { count, init } = graph.asDefault(() => {
        const counter = new tf.Variable(0, { dtype: 'int32' });
        return { count: counter.assignAdd(1), init: tf.globalVariablesInitializer() };
      });
      const session = new tf.Session({ graph });
      await session.run(init);`);
    const cell = await kernel.begin(
      "let last = 0;\nfor (;;) {\n  last = Number(await session.run(count));\n  if (last === 5) console.log('on');\n}",
    );
    await cell.until(({ stdout }) => stdout !== '');
    await kernel.interrupt();
    const { reply } = await cell.done;
    expect(reply.ename).toBe('Interrupted');
    expect(
      (await kernel.run('const next = Number(await session.run(count)); [last > 1, next === last + 1]')).result,
    ).toBe('[ true, true ]');
  });

  it('stops a loop of session.runSync', async () => {
    const cell = await kernel.begin("console.log('on'); while (true) session.runSync(count);");
    await cell.until(({ stdout }) => stdout !== '');
    await kernel.interrupt();
    expect((await cell.done).reply.ename).toBe('Interrupted');
  });

  it('ends a cell that awaits what never comes', async () => {
    const cell = await kernel.begin("console.log('on'); await new Promise(() => {});");
    await cell.until(({ stdout }) => stdout !== '');
    await kernel.interrupt();
    expect((await cell.done).reply.ename).toBe('Interrupted');
  });

  it('stops what an interrupted cell goes on with, and not the next cell', async () => {
    await kernel.run('let zombie = 0;');
    const cell = await kernel.begin(
      "console.log('on'); await new Promise(r => setTimeout(r, 900)); for (;;) { zombie++; await new Promise(r => setTimeout(r, 5)); }",
    );
    await cell.until(({ stdout }) => stdout !== '');
    await kernel.interrupt();
    expect((await cell.done).reply.ename).toBe('Interrupted'); // after a grace: it notices nothing in its sleep
    const { stdout } = await kernel.run(
      'for (let i = 0; i < 150; i++) await new Promise(r => setTimeout(r, 10)); console.log(zombie);',
    );
    expect(stdout).toBe('0\n');
  });

  it('between cells stops what earlier cells left at work', async () => {
    await kernel.run(
      'let ticks = 0; (async () => { for (;;) { ticks++; await new Promise(r => setTimeout(r, 5)); } })();',
    );
    await kernel.interrupt();
    await kernel.run('await new Promise(r => setTimeout(r, 50)); const seen = ticks;');
    expect((await kernel.run('await new Promise(r => setTimeout(r, 100)); [ticks === seen, seen > 0]')).result).toBe(
      '[ true, true ]',
    );
  });

  it('comes as a signal, too', async () => {
    const cell = await kernel.begin("console.log('on'); for (;;) await new Promise(r => setTimeout(r, 5));");
    await cell.until(({ stdout }) => stdout !== '');
    await sleep(50); // the cell awaits by now, and Node listens to signals
    kernel.process.kill('SIGINT');
    expect((await cell.done).reply.ename).toBe('Interrupted');
    expect((await kernel.run('1')).result).toBe('1');
  });

  it('does nothing to a kernel at rest', async () => {
    await kernel.interrupt();
    kernel.process.kill('SIGINT');
    // On a busy machine the signal may come while the first of two cells runs.
    const { result } = await kernel.run('2');
    expect(result ?? (await kernel.run('2')).result).toBe('2');
  });
});

describe('a busy kernel', () => {
  it('answers heartbeats and says what it is', async () => {
    const cell = await kernel.begin("console.log('on'); for (;;);");
    await cell.until(({ stdout }) => stdout !== '');
    await kernel.beat();
    const { content } = await kernel.request('control', 'kernel_info_request', {});
    expect(content.language_info.name).toBe('typescript');
    await kernel.interrupt();
    expect((await cell.done).reply.ename).toBe('Interrupted');
  });

  it('completes names while a cell awaits something', async () => {
    const cell = await kernel.begin('await new Promise(r => setTimeout(r, 1000));');
    const { content } = await kernel.request('shell', 'complete_request', { code: 'Math.sq', cursor_pos: 7 });
    expect(content.matches).toContain('sqrt');
    await cell.done;
  });
});

describe('names', () => {
  it('are completed with their kinds', async () => {
    await kernel.run("import { tf } from 'tf-mechanics';");
    const { content } = await kernel.request('shell', 'complete_request', { code: "'🙂'; tf.matm", cursor_pos: 12 });
    expect(content).toMatchObject({ status: 'ok', cursor_start: 8, cursor_end: 12 });
    expect(content.matches[0]).toBe('matmul');
    expect(content.metadata._jupyter_types_experimental[0]).toMatchObject({ text: 'matmul', type: 'function' });
    await kernel.run(`
      interface Kept {
        /** @deprecated use latest */
        earlier: number;
        latest: number;
      }
      const kept: Kept = { earlier: 1, latest: 2 };`);
    const told = await kernel.request('shell', 'complete_request', { code: 'kept.', cursor_pos: 5 });
    expect(told.content.metadata._jupyter_types_experimental).toMatchObject([
      { text: 'latest', deprecated: false },
      { text: 'earlier', deprecated: true },
    ]);
  });

  it("are completed without those that are for the library's rooms alone", async () => {
    await kernel.run('const inner = new tf.Graph(); const held = inner.asDefault(() => new tf.Variable(1));');
    const after = async (code: string) => {
      const { content } = await kernel.request('shell', 'complete_request', { code, cursor_pos: code.length });
      return content.matches as string[];
    };
    expect(await after('inner.')).toEqual(expect.arrayContaining(['asDefault', 'getTensorByName', 'operations']));
    const all = (await Promise.all(['inner.', 'held.', 'held.op.'].map(after))).flat();
    expect(all.filter((name) => ['operationAt', 'pointer', 'snapshot'].includes(name))).toEqual([]);
  });

  it('are explained with signature and doc comment, also from among their arguments', async () => {
    for (const cursor_pos of [5, 9, 10]) {
      const { content } = await kernel.request('shell', 'inspect_request', {
        code: 'tf.matmul(',
        cursor_pos,
        detail_level: 0,
      });
      expect(content.found).toBe(true);
      expect(content.data['text/plain']).toMatch(/function matmul<.*The product of two matrices/s);
      expect(content.data['text/markdown']).toContain('**Throws**\n\n- `InvalidArgumentError`: when ');
      expect(content.data['text/markdown']).toMatch(/^```typescript\nfunction matmul<.*\*\*Example\*\*/s);
    }
    await kernel.run('interface Shown { size: number }');
    for (const [code, found] of [
      ['   ', false],
      ['nobodyDeclares', false],
      ['nobody.declares(', false],
      ['tf.nothing', false],
      ['Shown', true],
    ] as const) {
      const { content } = await kernel.request('shell', 'inspect_request', {
        code,
        cursor_pos: code.length - 1,
        detail_level: 0,
      });
      expect([code, content.found]).toEqual([code, found]);
      if (!found) expect(content.data).toEqual({});
    }
  });

  it('are known in an unfinished cell, and that it is unfinished', async () => {
    expect((await kernel.request('shell', 'is_complete_request', { code: 'if (true) {' })).content).toEqual({
      status: 'incomplete',
      indent: '  ',
    });
    expect((await kernel.request('shell', 'is_complete_request', { code: '1 + 1' })).content).toEqual({
      status: 'complete',
    });
    expect((await kernel.request('shell', 'is_complete_request', { code: '1 +* 1' })).content).toEqual({
      status: 'invalid',
    });
  });
});

describe('a command of the shell', () => {
  it('shows what it prints as it comes, and gives it', async () => {
    const cell = await kernel.begin('await $`echo one; echo two >&2; sleep 1; echo three`');
    await cell.until(({ stdout }) => stdout === 'one\n');
    const { stdout, stderr, result } = await cell.done;
    expect([stdout, stderr, result]).toEqual(['one\nthree\n', 'two\n', undefined]);
    const name = `a b; $(touch x) 'q' "r"`;
    expect((await kernel.run(`(await $\`printf %s \${${JSON.stringify(name)}}\`.quiet()).stdout`)).result).toBe(
      inspect(name),
    );
    expect((await kernel.run('const lines: string[] = await $`seq 3`.quiet().lines();\nlines')).result).toBe(
      "[ '1', '2', '3' ]",
    );
    const { result: where } = await kernel.run(
      "const home = process.cwd();\nprocess.chdir('/');\nconst there = await $`pwd`.quiet().text();\nprocess.chdir(home);\nthere",
    );
    expect(where).toBe("'/\\n'");
  });

  it('that fails is an error with its code, the end of what it said, and the line that ran it', async () => {
    const { reply } = await kernel.run(
      'const fails = async () => {\n  await $`seq 30 >&2; exit 3`;\n};\nawait fails()',
    );
    expect(reply.evalue).toMatch(/^the command ended with code 3: 11\n(\d\d\n)+30$/);
    expect(plain(reply.traceback)).toContain(`In[${reply.execution_count}]:2:`);
    expect((await kernel.run('await $`exit 4`.nothrow().exitCode')).result).toBe('4');
    expect((await kernel.run('$.sync`ls`')).reply.evalue).toContain('write await $`…`');
  });

  it('ends with all that it has begun when it is interrupted', async () => {
    const cell = await kernel.begin('await $`(trap "" TERM; sleep 600) & echo $$; sleep 600`');
    await cell.until(({ stdout }) => stdout !== '');
    const [group] = cell.messages.flatMap(({ type, content }) => (type === 'stream' ? [Number(content.text)] : []));
    expect(isAlive(-group!)).toBe(true);
    await kernel.interrupt();
    expect((await cell.done).reply.ename).toBe('Interrupted');
    while (isAlive(-group!)) await sleep(20);
  });
});

/** Whether there is a process, or, by a negative number, a group of them. */
function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

describe('requests', () => {
  it('of comms get an empty answer, unknown ones an error, and what is no request nothing', async () => {
    expect((await kernel.request('shell', 'comm_info_request', {})).content).toEqual({ status: 'ok', comms: {} });
    for (const [channel, type] of [
      ['shell', 'unheard_request'],
      ['control', 'debug_request'],
    ] as const)
      expect((await kernel.request(channel, type, {})).content).toMatchObject({
        status: 'error',
        evalue: `this kernel doesn't know the request ${type}`,
      });
    const { reply } = await kernel.send('shell', 'unheard', {});
    const next = kernel.request('shell', 'comm_info_request', {});
    expect(await Promise.race([reply.then(() => 'answered'), next.then(() => 'nothing')])).toBe('nothing');
  });

  it('for the history get what was run, with results and by a pattern', async () => {
    const { reply } = await kernel.run('const remembered = 41; remembered + 1');
    await kernel.run('remembered - 1', { store_history: false });
    const find = async (content: object) => (await kernel.request('shell', 'history_request', { ...content })).content;
    expect(await find({ hist_access_type: 'tail', n: 1, output: true, raw: true })).toEqual({
      status: 'ok',
      history: [[1, reply.execution_count, ['const remembered = 41; remembered + 1', '42']]],
    });
    const { history } = await find({ hist_access_type: 'search', pattern: '*remembered*', output: false });
    expect(history).toEqual([[1, reply.execution_count, 'const remembered = 41; remembered + 1']]);
  });

  it('to run a cell may ask for the values of expressions after it, each with its own success', async () => {
    const user_expressions = {
      sum: 'later + 1',
      awaited: 'await Promise.resolve([later])',
      wrong: 'nowhere',
      thrown: "(() => { throw new RangeError('far'); })()",
      statement: 'let later = 3;',
      none: 'undefined',
      text: 7,
    };
    const { reply } = await kernel.run('const later = 2;', { user_expressions });
    expect(reply.user_expressions).toMatchObject({
      sum: { status: 'ok', data: { 'text/plain': '3' }, metadata: {} },
      awaited: { status: 'ok', data: { 'text/plain': '[ 2 ]' } },
      wrong: { status: 'error', ename: 'TypeScriptError' },
      thrown: { status: 'error', ename: 'RangeError', evalue: 'far' },
      statement: { status: 'error', ename: 'TypeScriptError' },
      none: { status: 'ok', data: { 'text/plain': 'undefined' } },
      text: { status: 'error', evalue: 'an expression has to be text' },
    });
    expect((await kernel.run('later')).result).toBe('2');
  });

  it('to run a cell may ask for the explanation of a name', async () => {
    await kernel.run("import { tf } from 'tf-mechanics';");
    for (const code of ['tf.matmul?', '?tf.matmul', 'tf.matmul??', 'const some = 1;\ntf.matmul?']) {
      const { messages, result } = await kernel.run(code);
      expect(result).toMatch(/function matmul<.*The product of two matrices/s);
      expect(messages.at(-1)?.content.data['text/markdown']).toMatch(/^```typescript/);
    }
    expect((await kernel.run('some ? 1 : 2')).result).toBe('1');
    expect((await kernel.run('unheard?')).reply.evalue).toBe('nothing is known here of unheard');
    expect((await kernel.request('shell', 'is_complete_request', { code: 'tf?' })).content.status).toBe('complete');
  });

  it("to run papermill's parameters take them in Python", async () => {
    await kernel.run('const rate: number = 0.1; let layers = [1];');
    const { reply } = await kernel.run('# Parameters\nlayers = [2, 3]\nrate = 0.025\n');
    expect(reply.status).toBe('ok');
    expect((await kernel.run('[rate.toFixed(3), layers.map((n) => n + 1)]')).result).toBe("[ '0.025', [ 3, 4 ] ]");
  });

  it("to run what is Python's are told what to write", async () => {
    expect((await kernel.run('%%time\n1 + 1')).reply.evalue).toContain("console.time('it')");
    const { reply } = await kernel.run('!ls');
    expect(plain(reply.traceback)).toMatch(/Cannot find name 'ls'[\s\S]*await \$`ls`$/);
    expect((await kernel.run('!npm install x')).reply.traceback).toEqual([
      'to run a command of the shell: await $`npm install x`',
    ]);
  });
});

describe('a kernel', () => {
  let own: KernelClient;
  afterEach(() => own.shutDown());

  it('ends when it is told to, with what notebooks wanted to do then, and leaves no command at work', async () => {
    own = await KernelClient.start({ cwd: notebooks });
    await own.run('setInterval(() => {}, 1000); process.stdin;');
    const group = await sleeping(own);
    const { content } = await own.request('control', 'shutdown_request', { restart: false });
    expect(content).toEqual({ status: 'ok', restart: false });
    expect(await own.exited).toBe(0);
    while (isAlive(-group)) await sleep(20);
  });

  it.runIf(process.platform === 'linux')(
    'goes on where its compiler has ended, with all that cells have declared',
    async () => {
      own = await KernelClient.start({ cwd: notebooks });
      const compiler = () => readFileSync(`/proc/${own!.process.pid}/task/${own!.process.pid}/children`, 'utf8').trim();
      const first = compiler();
      await own.run('/** @module shared */ export const two: 2 = 2;');
      await own.run("import { two } from './shared'; const one = 1; interface Named { name: string }");
      // What this one declares was compiled by the one that ends, and nobody has told it that the cell has run.
      const killed = await own.run(`const of = process.kill(${first}, 'SIGKILL')`);
      expect(killed.reply.status).toBe('ok');
      const { result } = await own.run("const it: Named = { name: 'it' }; [it.name, one + two, of]");
      expect(result).toBe("[ 'it', 3, true ]");
      expect((await own.run('one.length')).reply.evalue).toContain("Property 'length' does not exist on type '1'");
      expect((await own.run("import { two as again } from './shared'; again")).result).toBe('2');
      expect(compiler()).not.toBe(first);
    },
  );

  it('says that memory runs out before it does, and tells the first cell after the restart that it did', async () => {
    const short = { NODE_OPTIONS: '--max-old-space-size=300' };
    const first = await KernelClient.start({ cwd: notebooks, env: short });
    const warned = new Promise<string>((resolve) =>
      first.onMessage(({ type, content }) => type === 'stream' && content.name === 'stderr' && resolve(content.text)),
    );
    await first.begin(
      'const kept: number[][] = []; // all\nfor (;;) kept.push(Array.from({ length: 1000 }, () => Math.random()));',
    );
    expect(await warned).toMatch(/^This kernel uses 0\.\d GB of memory\. It may end without another word/);
    expect(await first.exited).toBe('SIGABRT');
    const file = path.join(first.folder, 'connection.json');
    own = await KernelClient.start({ cwd: notebooks, file, connection: first.connection });
    expect((await own.run('1', { silent: true })).stderr).toBe('');
    expect((await own.run('1')).stderr).toMatch(
      /^The kernel before this one ran out of memory \(0\.\d GB of 0\.\d GB\) in In\[1\], which begins with “const kept: number\[\]\[\] = \[\]; \/\/ all”\. .*run the cells above again.*--max-old-space-size=8000/,
    );
    expect((await own.run('2')).stderr).toBe('');
    await own.shutDown();
    expect(readdirSync(first.folder)).toEqual(['connection.json']);
    await first.shutDown();
  });
});

describe('a kernel whose starter is killed', () => {
  const main = path.join(__dirname, '..', 'dist', 'main.js');
  // The kernel has the starter's stderr, which is closed when both have ended.
  const starter = `
    const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
    require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit', env });
    console.error('begun');`;
  const launch = () =>
    KernelClient.launch({ command: (file) => [process.execPath, '-e', starter, main, file], cwd: notebooks });

  it('ends, too, even while a cell computes for ever', async () => {
    const own = await launch();
    const cell = await own.begin("console.log('on'); for (;;);");
    await cell.until(({ stdout }) => stdout !== '');
    own.process.kill('SIGKILL');
    expect(await own.exited).toBe('SIGKILL');
    await own.shutDown();
  });

  it('ends, too, where that was before it could look', async () => {
    const own = await launch();
    while (!own.errors.includes('begun')) await sleep(1);
    own.process.kill('SIGKILL');
    expect(await own.exited).toBe('SIGKILL');
    await own.shutDown();
  });
});

describe('a kernel of a folder without packages', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'elsewhere-'));
  let other: KernelClient;
  beforeAll(async () => {
    other = await KernelClient.start({ cwd: folder, env: { JPY_SESSION_NAME: 'elsewhere/a b.ipynb' } });
  });
  afterAll(async () => {
    await other.shutDown();
    rmSync(folder, { recursive: true });
  });

  it('after a restart says which cells to run first, by the notebook where it is there', async () => {
    const code = (source: string, execution_count: number | null) => ({ cell_type: 'code', source, execution_count });
    const use = 'graph.operations; sets.train; const t: Shape = test; const f = (x) => x + later + tset;';
    const cells = [
      { cell_type: 'markdown', source: 'const sets = 1' },
      code("import { tf } from 'tf-mechanics';\nconst graph = 1;", 1),
      code('const { sets, test } = { sets: { train: 1 }, test: 2 };\nif (true) { var graph = 5; }', 4),
      code('interface Shape { x: number }', null),
      code(use, 6),
      code('let later = 2;', 7),
    ];
    writeFileSync(path.join(folder, 'a b.ipynb'), JSON.stringify({ cells, nbformat: 4 }));
    const { reply } = await other.run(use);
    const advice =
      'run the cells above (In[4] defines sets, test, graph; the cell that begins with “interface Shape { x: number }” defines Shape; further down, In[7] defines later): Run > Run All Above Selected Cell';
    expect(reply.evalue).toBe(advice);
    expect(plain(reply.traceback).match(/error TS\d+: .*/g)).toEqual([
      "error TS2552: Cannot find name 'tset'. Did you mean 'Set'?",
    ]);
    expect((await other.run('later')).reply.evalue).toMatch(/^run the cells above \(In\[7\] defines later\)/); // of a cell that isn't saved
    expect((await other.run('unheard; nothing')).reply.evalue).toMatch(
      /^no cell that has run declares unheard, nothing: /,
    );
    const { traceback } = (await other.run('unheard')).reply;
    expect(plain(traceback)).toMatch(/Cannot find name 'unheard'[\s\S]*After a restart, run the cells above first/);
  });

  it('imports tf-mechanics all the same, with its types', async () => {
    expect(
      (
        await other.run(
          "import { tf } from 'tf-mechanics';\nconst x: number = new tf.Session({ graph: new tf.Graph() }).runSync([]).length; x",
        )
      ).result,
    ).toBe('0');
    expect((await other.run('const y: string = tf.GraphKeys.GLOBAL_VARIABLES.length;')).reply.ename).toBe(
      'TypeScriptError',
    );
    expect((await other.run("import { nothing } from 'not-a-package';")).reply.evalue).toContain(
      "Cannot find module 'not-a-package'",
    );
  });

  it('may import TypeScript that lies beside the notebook, and sees it anew once it has changed', async () => {
    writeFileSync(path.join(folder, 'helper.ts'), 'export const answer: number = 41;');
    expect((await other.run("import { answer } from './helper';\nanswer + 1")).result).toBe('42');
    writeFileSync(path.join(folder, 'helper.ts'), "export const answer = 'changed';");
    expect((await other.run("import { answer } from './helper';\nanswer.toUpperCase()")).result).toBe("'CHANGED'");
  });

  it('may import a package that was installed after another cell had asked for it', async () => {
    const install = (name: string) => {
      const target = path.join(folder, 'node_modules', name);
      mkdirSync(target, { recursive: true });
      writeFileSync(
        path.join(target, 'package.json'),
        `{ "name": "${name}", "main": "index.js", "types": "index.d.ts" }`,
      );
      writeFileSync(path.join(target, 'index.js'), 'exports.answer = 41;');
      writeFileSync(path.join(target, 'index.d.ts'), 'export declare const answer: number;');
    };
    expect((await other.run('const one = 1; one')).result).toBe('1');
    const cell = "import { answer } from 'late';\nanswer + one";
    expect((await other.run(cell)).reply.evalue).toContain("Cannot find module 'late'");
    install('late');
    expect((await other.run(cell)).result).toBe('42');
  });

  it('sees a package that has been rebuilt, its types too, when it imports it again', async () => {
    const library = path.join(folder, 'library');
    const build = (inner: string, types: string) => {
      writeFileSync(path.join(library, 'inner.js'), `exports.answer = ${inner};`);
      writeFileSync(path.join(library, 'index.d.ts'), types);
    };
    mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
    mkdirSync(library);
    writeFileSync(
      path.join(library, 'package.json'),
      '{ "name": "linked", "main": "index.js", "types": "index.d.ts" }',
    );
    writeFileSync(path.join(library, 'index.js'), "module.exports = require('./inner');");
    symlinkSync(library, path.join(folder, 'node_modules', 'linked'));
    build('41', 'export declare const answer: number;');
    expect((await other.run("import { answer } from 'linked';\nanswer + 1")).result).toBe('42');
    build("'rebuilt'", 'export declare const answer: string;');
    expect((await other.run("import { answer } from 'linked';\nanswer.toUpperCase()")).result).toBe("'REBUILT'");
  });

  it('ends when it is told to while a cell computes for ever', async () => {
    const cell = await other.begin("console.log('on'); /(a+)+$/.test('a'.repeat(40) + 'b');");
    await cell.until(({ stdout }) => stdout !== '');
    await other.send('control', 'shutdown_request', { restart: true });
    expect(await other.exited).toBe('SIGKILL');
  });
});

it('a kernel that is killed leaves no command at work', async () => {
  const group = await sleeping(kernel);
  kernel.process.kill('SIGKILL');
  while (isAlive(-group)) await sleep(20);
});

/** Starts two commands that sleep, of which a cell awaits one; gives their group once both are there. */
async function sleeping(client: KernelClient): Promise<number> {
  const { stdout } = await client.run('await $`sleep 600 >&- 2>&- & echo $$`; void $`sleep 600`.nothrow();');
  expect(isAlive(-Number(stdout))).toBe(true);
  return Number(stdout);
}
