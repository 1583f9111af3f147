import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlreadyExistsError, FailedPreconditionError, InvalidArgumentError, NotFoundError } from './errors';
import { makeFolder, makeNewFolder } from './files';

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
