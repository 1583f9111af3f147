import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { librariesIn } from './libtensorflow.mjs';
import { wheelFor } from './wheels.mjs';

describe.runIf(process.platform === 'linux')('librariesIn', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'libtensorflow-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name) => writeFileSync(path.join(folder, name), '');

  it('wants both libraries', () => {
    expect(librariesIn(folder)).toBeUndefined();
    put('libtensorflow_cc.so.2');
    expect(librariesIn(folder)).toBeUndefined();
    put('libtensorflow_framework.so.2');
    expect(librariesIn(folder)?.main).toBe(path.join(folder, 'libtensorflow_cc.so.2'));
  });

  it('knows the names in an archive of libtensorflow', () => {
    put('libtensorflow.so.2');
    put('libtensorflow_framework.so.2');
    expect(librariesIn(folder)?.main).toBe(path.join(folder, 'libtensorflow.so.2'));
  });
});

describe('wheelFor', () => {
  it.each(['linux x64', 'linux arm64', 'darwin arm64', 'darwin x64'])('has a wheel with its hash for %s', (name) => {
    const [platform, arch] = name.split(' ');
    expect(wheelFor(platform, arch)).toMatchObject({
      version: '2.15.1',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('has none for other platforms', () => {
    expect(wheelFor('win32', 'x64')).toBeUndefined();
    expect(wheelFor('linux', 'riscv64')).toBeUndefined();
  });
});
