import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheFolder, libraryIn, mainNames } from '../shared/libraryPlaces.cjs';
import { SetupError } from './command.mjs';
import { getLibtensorflow, isEarlier, moveLibtensorflow, presentLibrary, whyNeeded } from './libtensorflow.mjs';
import { isKept, wheelFor } from './wheels.mjs';

const [main] = mainNames;
let folder;
let cache;
let notes;
beforeEach(() => {
  folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'libtensorflow-'));
  cache = path.join(folder, 'cache');
  vi.stubEnv('TF_MECHANICS_CACHE', cache);
  vi.stubEnv('TF_MECHANICS_LIBTENSORFLOW', '');
  notes = [];
  vi.spyOn(console, 'error').mockImplementation((note) => notes.push(note));
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Writes a file in the test's folder, with its folders. */
function put(name, content = '') {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A ZIP archive of files by name, each compressed. */
function zip(files) {
  const locals = [];
  const central = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [content, bytes] = [Buffer.from(text), Buffer.from(name)];
    const packed = zlib.deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(zlib.crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(bytes.length, 22);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, bytes, packed]);
    central.push(Buffer.from('PK\x01\x02\x14\0'), common, at, bytes);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(locals.length, 4);
  end.writeUInt16LE(locals.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}

const wheel = () =>
  zip({
    'tensorflow/__init__.py': 'not kept',
    [`tensorflow/${main}`]: 'the library'.repeat(1000),
    'tensorflow_cpu.libs/libgomp.so': 'what it needs',
  });

/** Everything in the cache, by its path there. */
const kept = () =>
  readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(cache, path.join(entry.parentPath, entry.name)))
    .sort();

describe('getLibtensorflow', () => {
  it.each(['.', 'tensorflow', 'lib', 'lib/python3.11/site-packages/tensorflow', 'archive/lib'])(
    'links to the library of a folder, also one in %s of it',
    async (place) => {
      put(`mine/${place}/${main}`);
      await getLibtensorflow({ from: path.join(folder, 'mine') });
      const holder = path.join(folder, 'mine', place);
      expect(readlinkSync(path.join(cache, 'libtensorflow'))).toBe(holder);
      expect(presentLibrary()).toMatchObject({ place: 'cache', folder: path.join(cache, 'libtensorflow') });
      rmSync(holder, { recursive: true });
      expect(presentLibrary()?.place).not.toBe('cache');
    },
  );

  it('unpacks of a wheel what is needed, and removes it when another one takes its place', async () => {
    await getLibtensorflow({ from: put('some.whl', wheel()) });
    expect(kept()).toEqual([
      `from-some/tensorflow/${main}`,
      'from-some/tensorflow_cpu.libs/libgomp.so',
      'libtensorflow',
    ]);
    expect(readFileSync(path.join(cache, 'libtensorflow', main), 'utf8')).toBe('the library'.repeat(1000));
    expect(notes).toEqual([expect.stringMatching(/^ {2}some\.whl is not what this version is tested with, which is /)]);
    await getLibtensorflow({ from: put('other.whl', wheel()) });
    expect(kept()).toContain(`from-other/tensorflow/${main}`);
    expect(existsSync(path.join(cache, 'from-some'))).toBe(false);
    // The link itself, and what it leads to, are folders, too.
    await getLibtensorflow({ from: path.join(cache, 'libtensorflow') });
    expect(readlinkSync(path.join(cache, 'libtensorflow'))).toBe('from-other/tensorflow');
  });

  it.each(['zip', 'tar.gz', 'tar', 'tgz'])("unpacks TensorFlow's own archives: .%s", async (ending) => {
    put(`content/lib/${main}.15`, 'the library');
    symlinkSync(`${main}.15`, path.join(folder, 'content', 'lib', main));
    const file = path.join(folder, `libtensorflow.${ending}`);
    if (ending === 'zip') writeFileSync(file, zip({ [`lib/${main}`]: 'the library' }));
    else spawnSync('tar', [ending === 'tar' ? '-cf' : '-czf', file, '-C', path.join(folder, 'content'), 'lib']);
    await getLibtensorflow({ from: file });
    expect(readFileSync(path.join(cache, 'libtensorflow', main), 'utf8')).toBe('the library');
  });

  const flipped = (bytes, at) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from([bytes[at] ^ 1]), bytes.subarray(at + 1)]);

  it.each([
    ['cut off', 'x.whl', () => wheel().subarray(0, 150), /x\.whl \(150 bytes\) is damaged: .+/],
    ['with a wrong byte', 'x.whl', () => flipped(wheel(), 140), /x\.whl \(\d+ bytes\) is damaged: .+/],
    [
      'with a wrong checksum',
      'x.zip',
      () => flipped(zip({ [main]: 'x' }), zip({ [main]: 'x' }).indexOf('PK\x01\x02') + 16),
      /is damaged: the bytes of .* are not those/,
    ],
    [
      'cut off',
      'x.tar.gz',
      () => zlib.gzipSync(Buffer.alloc(9999)).subarray(0, 30),
      /x\.tar\.gz \(30 bytes\) is damaged: .+/,
    ],
    ['of the name of the tested wheel', wheelFor()?.file, wheel, /is damaged \(SHA-256 \w+, not \w+\): get it again$/],
    [
      'that is none',
      'x.txt',
      () => 'a text',
      /x\.txt is neither a wheel nor another \.zip, \.tar\.gz or \.tar archive$/,
    ],
    [
      'without it',
      'x.zip',
      () => zip({ 'a/b': '' }),
      /x\.zip holds no libtensorflow 2 for \w+: no libtensorflow_cc.*$/,
    ],
  ])(
    'says in one line what is wrong with a file %s (%s), and leaves what is there',
    async (_, name, content, message) => {
      await getLibtensorflow({ from: put('good.whl', wheel()) });
      const before = kept();
      const failed = await getLibtensorflow({ from: put(name, content()) }).catch((error) => error);
      expect(failed.message).toMatch(message);
      expect(failed.message).not.toContain('\n');
      expect(kept()).toEqual(before);
    },
  );

  it('names a folder that holds none, and what is not there', async () => {
    const from = path.join(folder, 'nothing');
    await expect(getLibtensorflow({ from })).rejects.toThrow(`there is no ${from}, which --from names`);
    mkdirSync(from);
    await expect(getLibtensorflow({ from })).rejects.toThrow(`${from} holds no libtensorflow 2`);
  });

  it('changes nothing where the library turns out not to work', async () => {
    const check = () => Promise.reject(new Error('no'));
    for (const from of [put('some.whl', wheel()), path.dirname(put(`mine/${main}`))])
      await expect(getLibtensorflow({ from, check })).rejects.toThrow('no');
    expect(kept()).toEqual([]);
  });

  it('waits for another one', async () => {
    let atWork = 0;
    const check = async () => {
      expect(++atWork).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      atWork--;
    };
    const from = put('some.whl', wheel());
    await Promise.all([getLibtensorflow({ from, check }), getLibtensorflow({ from, check })]);
    expect(libraryIn(path.join(cache, 'libtensorflow'))).toBeDefined();
  });

  it('leaves a folder alone that is no link of ours', async () => {
    put(`cache/libtensorflow/${main}`);
    const failed = getLibtensorflow({ from: put('some.whl', wheel()) });
    await expect(failed).rejects.toThrow(/cache\/libtensorflow is a folder that somebody has put there: move it away/);
    expect(kept()).toEqual([`libtensorflow/${main}`]);
  });

  it('says where nothing can be written, and what to set', async () => {
    vi.stubEnv('TF_MECHANICS_CACHE', path.join(put('file'), 'cache'));
    const message = /^nothing can be written to .*cache \(ENOTDIR\): set TF_MECHANICS_CACHE to a folder/;
    await expect(getLibtensorflow({ force: true })).rejects.toThrow(message);
    for (const name of ['TF_MECHANICS_CACHE', 'XDG_CACHE_HOME', 'HOME']) vi.stubEnv(name, '');
    await expect(getLibtensorflow({ force: true })).rejects.toThrow(
      /^there is no home folder .*: set HOME, or set TF_MECHANICS_CACHE/,
    );
  });
});

describe.runIf(wheelFor())('the download', () => {
  /** A Python whose pip does what the shell script says; there is no other program but those of the system. */
  function python(pip) {
    const file = put('bin/python3', `#!/bin/sh\ncase "$*" in *--version*) exit 0;; *pip*) ${pip};; esac\n`);
    chmodSync(file, 0o755);
    vi.stubEnv('PATH', `${path.dirname(file)}:/usr/bin:/bin`);
  }
  const { file, sha256 } = wheelFor() ?? {};

  it("isn't needed where a Python has TensorFlow that works", async () => {
    put(`cache/${wheelFor().project}-2.14.0/tensorflow/${main}`);
    symlinkSync(`${wheelFor().project}-2.14.0/tensorflow`, path.join(cache, 'libtensorflow')); // which is outdated
    const holder = path.dirname(put(`python/tensorflow/${main}`));
    python(`exit 1;; *) echo ${holder}`);
    const check = (folder) => Promise.reject(new SetupError(`${folder} does not work`));
    await expect(getLibtensorflow({ check })).rejects.toThrow(/^pip could not download/);
    expect(notes).toEqual([`  not Python's: ${holder} does not work`]);
    await getLibtensorflow();
    expect(readlinkSync(path.join(cache, 'libtensorflow'))).toBe(holder);
    expect(kept()).toEqual(['libtensorflow']);
  });

  it('needs Python: where there is none it says which file to get instead', async () => {
    vi.stubEnv('PATH', folder);
    const { message } = await getLibtensorflow({ force: true }).catch((error) => error);
    expect(message).toMatch(
      /^its download needs Python 3, which is not here\.\nInstall it \(.+\) and run this again, or /,
    );
    for (const part of [
      file,
      `SHA-256 ${sha256}`,
      'of the Python package tensorflow',
      'npx tf-mechanics setup --from <the file>',
    ])
      expect(message).toContain(part);
  });

  it('says what pip said where it fails, and the same', async () => {
    python('echo no network; exit 1');
    const { message } = await getLibtensorflow({ force: true }).catch((error) => error);
    expect(message).toMatch(/^pip could not download .*:\nno network\nTry again, or get this file/);
    expect(message).toContain(sha256);
    expect(kept()).toEqual([]);
  });

  it('takes nothing but the bytes of that hash', async () => {
    python('for last; do :; done; mkdir "$last"; echo wrong > "$last/x.whl"');
    await expect(getLibtensorflow({ force: true })).rejects.toThrow(/\.whl is damaged; it is deleted: run this again$/);
    expect(kept()).toEqual([]);
  });

  it('leaves nothing half when it is interrupted, and says what begins anew', async () => {
    python('echo half > "$TMPDIR/half"; echo started > "$STARTED"; sleep 60');
    const url = (name) => JSON.stringify(new URL(name, import.meta.url).href);
    const script = `
      import { interruptibly } from ${url('command.mjs')};
      import { getLibtensorflow } from ${url('libtensorflow.mjs')};
      await interruptibly(() => getLibtensorflow({ force: true })).catch((error) => {
        console.log(error.message);
        process.exitCode = error.exitCode;
      });`;
    const started = path.join(folder, 'started');
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, STARTED: started },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await vi.waitFor(() => expect(existsSync(started)).toBe(true), { timeout: 20_000 });
    child.kill('SIGINT');
    const [[output], [code]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(output.toString()).toBe('interrupted: nothing half is left; run it again, and the download begins anew\n');
    expect(code).toBe(130);
    expect(kept()).toEqual([]);
  });
});

describe('moveLibtensorflow', () => {
  const former = () => path.join(folder, 'former');

  it('moves what lies in another cache into this one, and removes it where there is one already', async () => {
    for (const version of ['2.15.1', '2.15.0']) {
      put(`former/tensorflow-cpu-${version}/tensorflow/${main}`);
      symlinkSync(`tensorflow-cpu-${version}/tensorflow`, path.join(former(), 'libtensorflow'));
      put('former/other');
      await moveLibtensorflow(former());
      expect(readdirSync(former())).toEqual(['other']);
      expect(kept()).toEqual(['libtensorflow', `tensorflow-cpu-2.15.1/tensorflow/${main}`]);
      expect(libraryIn(path.join(cache, 'libtensorflow'))).toBeDefined();
    }
  });

  it('leaves what the link leads to elsewhere', async () => {
    const elsewhere = path.dirname(put(`python/${main}`));
    mkdirSync(former());
    symlinkSync(elsewhere, path.join(former(), 'libtensorflow'));
    await moveLibtensorflow(former());
    expect(libraryIn(elsewhere)).toBeDefined();
    expect(lstatSync(path.join(former(), 'libtensorflow'), { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe('whyNeeded', () => {
  it('wants a later wheel than one of ours that is there, and keeps one that is later still', () => {
    const { project } = wheelFor() ?? { project: 'tensorflow-cpu' };
    for (const [version, reason] of [
      ['2.14.0', 'a later version is wanted now'],
      ['2.99.0', undefined],
    ]) {
      put(`cache/${project}-${version}/tensorflow/${main}`);
      rmSync(path.join(cache, 'libtensorflow'), { force: true });
      symlinkSync(`${project}-${version}/tensorflow`, path.join(cache, 'libtensorflow'));
      expect([version, whyNeeded()]).toEqual([version, reason]);
    }
    expect(isEarlier('2.9', '2.15.1')).toBe(true);
    expect(isEarlier('2.15.1', '2.15.1')).toBe(false);
    expect(isEarlier('2.15', '2.15.1')).toBe(true);
  });
});

describe('cacheFolder', () => {
  const of = (env, platform = 'linux', home = '/home/ada') => cacheFolder({ env, platform, home });

  it("is the user's, where the system keeps caches", () => {
    expect(of({})).toBe('/home/ada/.cache/tf-mechanics');
    expect(of({}, 'darwin')).toBe('/home/ada/Library/Caches/tf-mechanics');
    expect(of({ XDG_CACHE_HOME: '/caches' })).toBe('/caches/tf-mechanics');
    expect(of({ XDG_CACHE_HOME: 'not absolute' })).toBe('/home/ada/.cache/tf-mechanics');
    expect(of({ XDG_CACHE_HOME: '/caches', TF_MECHANICS_CACHE: '/mine' })).toBe('/mine');
    expect(of({}, 'linux', '')).toBeUndefined();
  });
});

describe('isKept', () => {
  it('keeps the libraries, what they link to, and the headers of the C API', () => {
    expect(isKept('tensorflow/libtensorflow_framework.so.2')).toBe(true);
    expect(isKept('tensorflow/include/tensorflow/c/c_api.h')).toBe(true);
    expect(isKept('tensorflow/python/pywrap.so')).toBe(false);
  });
});

describe('wheelFor', () => {
  it.each(['linux x64', 'linux arm64', 'darwin arm64', 'darwin x64'])('has a wheel with its hash for %s', (name) => {
    const [platform, arch] = name.split(' ');
    expect(wheelFor(platform, arch)).toMatchObject({
      version: '2.15.1',
      file: expect.stringMatching(/^tensorflow.*-2\.15\.1-cp311-cp311-.*\.whl$/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('has none for other platforms', () => {
    expect(wheelFor('win32', 'x64')).toBeUndefined();
    expect(wheelFor('linux', 'riscv64')).toBeUndefined();
  });
});
