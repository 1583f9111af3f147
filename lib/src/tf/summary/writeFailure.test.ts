// In a process of its own: it replaces node:fs.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Summary } from '../../protos';
import { NotFoundError, ResourceExhaustedError } from '../../runtime/errors';
import { FileWriter } from './fileWriter';
import { readEvents } from './readEvents';

/** A disk that can be full: it takes half of what is written, and then no more. */
const disk = vi.hoisted(() => ({ full: false }));

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const noSpace = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const write = promisify(fs.write);
  return {
    ...fs,
    write: Object.assign(() => {}, {
      [promisify.custom]: async (fd: number, bytes: Uint8Array, from: number, length: number, at: number) => {
        const written = await write(fd, bytes, from, Math.ceil(length / 2), at);
        if (disk.full) throw noSpace();
        return written;
      },
    }),
    writeSync: (fd: number, bytes: Uint8Array, from: number, length: number, at: number) => {
      if (disk.full) throw noSpace();
      return fs.writeSync(fd, bytes, from, Math.ceil(length / 2), at);
    },
  };
});

const scalar = (simpleValue: number) => Summary.encode({ value: [{ tag: 'loss', simpleValue }] });
const stepsOf = async (file: string) => (await readEvents(file).toArray()).slice(1).map((event) => event.step);
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 30));

let logdir: string;
beforeEach(async () => {
  disk.full = false;
  logdir = await mkdtemp(path.join(os.tmpdir(), 'events-'));
});
afterEach(async () => {
  await rm(logdir, { recursive: true, force: true });
});

describe('a FileWriter whose disk is full', () => {
  it('says so at the next call and loses nothing once there is room', async () => {
    const writer = new FileWriter(logdir, { maxQueue: 1 });
    disk.full = true;
    writer.addSummary(scalar(1), 1);
    await aWhile();
    expect(() => writer.addSummary(scalar(2), 2)).toThrow(
      `cannot write ${writer.path}: ENOSPC: no space left on device`,
    );
    await expect(writer.flush()).rejects.toThrow(ResourceExhaustedError);
    await expect(writer.close()).rejects.toThrow(ResourceExhaustedError);
    writer.addSummary(scalar(3), 3);
    disk.full = false;
    await writer.close();
    expect(await stepsOf(writer.path)).toEqual([1, 3]);
  });

  it('keeps a bounded number of events in memory', () => {
    const writer = new FileWriter(logdir, { maxQueue: 1e9 });
    disk.full = true;
    const large = Summary.encode({ value: [{ tag: 'x'.repeat(100_000), simpleValue: 1 }] });
    let added = 0;
    expect(() => {
      for (; added < 100; added++) writer.addSummary(large, added);
    }).toThrow(/ENOSPC/);
    expect(added).toBeLessThan(20);
    disk.full = false;
  });

  it('fails to be created with a clear error, and leaves no file behind', async () => {
    disk.full = true;
    expect(() => new FileWriter(logdir)).toThrow(/^cannot write .*: ENOSPC/);
    expect(await readdir(logdir)).toEqual([]);
  });
});

describe('a FileWriter whose folder is removed', () => {
  it('says so at the next call, and closes', async () => {
    const writer = new FileWriter(logdir, { maxQueue: 1 });
    await rm(logdir, { recursive: true });
    writer.addSummary(scalar(1), 1);
    await aWhile();
    expect(() => writer.addSummary(scalar(2), 2)).toThrow(`cannot write ${writer.path}: it was removed`);
    await expect(writer.flush()).rejects.toThrow(NotFoundError);
    await expect(writer.close()).rejects.toThrow(NotFoundError);
    await writer.close();
    writer.reopen();
    await writer.close();
    expect(await readdir(logdir)).toHaveLength(1);
  });
});
