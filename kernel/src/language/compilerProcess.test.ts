// In a process of its own: it replaces node:child_process.
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { CompilerProcess } from './compilerProcess';
import type { Declared } from './engine';
import type { FromCompiler, RequestName, ToCompiler } from './messages';

/** A process that does nothing by itself, with all that was said to it. */
class Begun extends EventEmitter {
  readonly said: ToCompiler[] = [];
  readonly connected = true;
  readonly disconnect = vi.fn();
  readonly ref = vi.fn();
  readonly unref = vi.fn();

  send(request: ToCompiler): void {
    this.said.push(request);
  }

  /** What it was asked for, without what numbers the requests. */
  get asked() {
    return this.said.map(({ name, parameters }) => [name, ...parameters]);
  }

  answer(name: RequestName, value?: unknown): void {
    const { id } = this.said.filter((request) => request.name === name).at(-1)!;
    this.emit('message', { kind: 'answer', id, value } satisfies FromCompiler);
  }

  ends(signal: string | null = 'SIGKILL', code: number | null = null): void {
    this.emit('exit', code, signal);
  }
}

const { begun, snapshot } = vi.hoisted(() => ({
  begun: [] as Begun[],
  snapshot: { file: undefined as string | undefined },
}));
vi.mock('node:child_process', () => ({
  fork: () => begun[begun.push(new Begun()) - 1],
}));
vi.mock('../snapshot/snapshot', () => ({ usableSnapshot: () => snapshot.file }));

const folder = mkdtempSync(path.join(tmpdir(), 'compiler-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  begun.length = 0;
  snapshot.file = undefined;
});

const last = () => begun.at(-1)!;
const declared: Declared = { declarations: 'declare const one = 1;', disposed: [], modules: [] };

it('a compiler that ends is begun again, and asked again what it has not answered', async () => {
  const compiler = new CompilerProcess(folder);
  const compiled = compiler.ask('compile', '1', 'In[1]');
  const found = compiler.ask('find', 'x');
  last().ends();
  expect(begun).toHaveLength(2);
  expect(last().asked).toEqual([
    ['compile', '1', 'In[1]'],
    ['find', 'x'],
  ]);
  last().answer('compile', 'compiled');
  last().answer('find', 'found');
  expect(await Promise.all([compiled, found])).toEqual(['compiled', 'found']);
});

it('another is told what cells have declared, and compiles the one again of which nobody knows what it declares', async () => {
  const compiler = new CompilerProcess(folder);
  void compiler.ask('compile', 'const one = 1;', 'In[1]');
  last().answer('compile');
  void compiler.ask('declare', []);
  last().answer('declare', declared);
  void compiler.ask('compile', 'one', 'In[2]');
  last().answer('compile');
  void compiler.ask('declare', []);
  last().answer('declare'); // nothing is other than before
  void compiler.ask('compile', 'const two = 2;', 'In[3]');
  last().answer('compile');
  last().ends();
  expect(begun).toHaveLength(1); // nobody asks for anything
  void compiler.ask('declare', ['two']);
  expect(last().asked).toEqual([
    ['goOn', declared],
    ['compile', 'const two = 2;', 'In[3]'],
    ['declare', ['two']],
  ]);
});

it('what two compilers have ended over is asked no more, and fails; what came after it is asked again', async () => {
  const compiler = new CompilerProcess(folder);
  const deadly = compiler.ask('compile', 'deadly', 'In[1]');
  const later = compiler.ask('find', 'x');
  last().ends();
  last().ends(null, 1);
  await expect(deadly).rejects.toThrow(
    'the compiler has ended over this (1), twice: what other cells have declared is still known',
  );
  expect(last().asked).toEqual([['find', 'x']]);
  last().answer('find', 'found');
  expect(await later).toBe('found');
});

it('a snapshot is thrown away that Node refuses, and no other', () => {
  snapshot.file = path.join(folder, 'a.snapshot');
  writeFileSync(snapshot.file, '');
  const compiler = new CompilerProcess(folder);
  void compiler.ask('find', 'x');
  last().ends('SIGKILL');
  expect(existsSync(snapshot.file)).toBe(true);
  last().ends('SIGABRT');
  expect(existsSync(snapshot.file)).toBe(false);
  expect(last().asked).toEqual([['find', 'x']]);
});

it('one that is closed is not begun again, and nothing waits for it', async () => {
  const compiler = new CompilerProcess(folder);
  const found = compiler.ask('find', 'x');
  compiler.close();
  expect(last().disconnect).toHaveBeenCalled();
  last().ends(null, 0);
  await expect(found).rejects.toThrow('the kernel ends');
  await expect(compiler.ask('find', 'x')).rejects.toThrow('the kernel ends');
  expect(begun).toHaveLength(1);
});
