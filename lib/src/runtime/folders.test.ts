import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AlreadyExistsError,
  FailedPreconditionError,
  InvalidArgumentError,
  NotFoundError,
  TensorFlowError,
} from './errors';
import { makeFolder, makeNewFolder, replaceFolder } from './files';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'files-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

describe('a folder', () => {
  it('is made with those around it, whether they are there or not', () => {
    const deep = path.join(folder, 'a', 'b', 'c');
    makeFolder(deep);
    makeFolder(deep);
    fs.symlinkSync(deep, path.join(folder, 'link'));
    makeFolder(path.join(folder, 'link', 'd'));
    makeFolder(path.join(folder, 'link'));
    expect(fs.readdirSync(deep)).toEqual(['d']);
  });

  it.runIf(process.platform === 'linux')('that the system does not make is one error, at once', () => {
    expect(() => makeFolder('/proc/x/y')).toThrow(NotFoundError);
    expect(() => makeFolder('/dev/null/x')).toThrow("could not make the folder '/dev/null/x': ENOTDIR");
  });

  it('is not made where something else is, behind a link that leads nowhere, or of too long a name', () => {
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, '');
    fs.symlinkSync(path.join(folder, 'nowhere', 'x'), path.join(folder, 'link'));
    expect(() => makeFolder(file)).toThrow(FailedPreconditionError);
    expect(() => makeFolder(path.join(file, 'x'))).toThrow(FailedPreconditionError);
    expect(() => makeFolder(path.join(folder, 'link'))).toThrow(FailedPreconditionError);
    expect(() => makeFolder(path.join(folder, 'link', 'x'))).toThrow(FailedPreconditionError);
    expect(() => makeFolder(path.join(folder, 'x'.repeat(300)))).toThrow(InvalidArgumentError);
  });

  it('that is to be new belongs to one of many that make it', () => {
    const wanted = path.join(folder, 'a', 'new');
    makeNewFolder(wanted);
    expect(() => makeNewFolder(wanted)).toThrow(AlreadyExistsError);
  });
});

describe('a folder that is written', () => {
  const write = (content: string) => (pending: string) =>
    fs.promises.writeFile(path.join(pending, 'model.json'), content);
  const target = () => path.join(folder, 'deep', 'model');
  const read = () => fs.readFileSync(path.join(target(), 'model.json'), 'utf8');
  const isModel = (name: string) => name === 'model.json';

  it('is there when all of it is, also where an empty one was', async () => {
    fs.mkdirSync(target(), { recursive: true });
    await replaceFolder(target(), write('first'));
    expect(read()).toBe('first');
    expect(fs.readdirSync(path.dirname(target()))).toEqual(['model']);
  });

  it('takes the place of another only when it is to, and of nothing else', async () => {
    await replaceFolder(target(), write('first'));
    const refused = [
      [
        replaceFolder(target(), write('second'), isModel),
        /model has model\.json in it: choose another folder, or overwrite it$/,
      ],
      [
        replaceFolder(target(), write('second'), () => false, true),
        /model has model\.json in it: choose another folder$/,
      ],
      [
        replaceFolder(path.join(target(), 'model.json'), write('second'), isModel, true),
        /is a file: choose another folder$/,
      ],
    ] as const;
    for (const [writing, message] of refused) await expect(writing).rejects.toThrow(message);
    expect(read()).toBe('first');
    await replaceFolder(target(), write('second'), isModel, true);
    expect(read()).toBe('second');
    expect(fs.readdirSync(path.dirname(target()))).toEqual(['model']);
  });

  it('is one error of ours where it can not be: in a file, behind a link to itself, by too long a name', async () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    fs.symlinkSync(path.join(folder, 'loop'), path.join(folder, 'loop'));
    for (const name of ['file/model', 'loop', 'loop/model', 'x'.repeat(300)])
      await expect(replaceFolder(path.join(folder, name), write('first')), name).rejects.toThrow(TensorFlowError);
    expect(fs.readdirSync(folder).sort()).toEqual(['file', 'loop']);
  });

  it('is as it was where writing failed', async () => {
    await replaceFolder(target(), write('first'));
    const failing = () => Promise.reject(new Error('no'));
    await expect(replaceFolder(target(), failing, isModel, true)).rejects.toThrow(`could not write ${target()}: no`);
    expect(read()).toBe('first');
    expect(fs.readdirSync(path.dirname(target()))).toEqual(['model']);
  });
});
