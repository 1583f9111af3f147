import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataLossError, UnavailableError } from '../runtime/errors';
import { HostArray } from '../runtime/hostArray';
import { type ExpectedFile, type LoadOptions, loadFiles } from './checkedFiles';
import type { DownloadProgress } from './download';
import { serializeIdx } from './idx';

const images = new HostArray('uint8', [2, 1, 2], Uint8Array.of(1, 2, 3, 4));
const labels = new HostArray('uint8', [2], Uint8Array.of(7, 8));
const imageBytes = serializeIdx(images);
const labelBytes = serializeIdx(labels);

function expected(name: string, contents: string, array: HostArray<'uint8'>): ExpectedFile {
  return { name, contents, shape: array.shape, sha256: createHash('sha256').update(serializeIdx(array)).digest('hex') };
}

const files = {
  images: expected('images-idx3', 'the images', images),
  labels: expected('labels-idx1', 'the labels', labels),
};

let dir: string;
const servers: Server[] = [];

/** The address of a web server on this machine. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address()! as AddressInfo).port}`;
}

/** A mirror with these files, and 404 for others. */
const mirrorOf = (contents: Record<string, Uint8Array>) =>
  serve((request, response) => {
    const bytes = contents[request.url!.slice(1)];
    response.writeHead(bytes ? 200 : 404, { 'content-length': bytes?.length ?? 0 }).end(bytes);
  });

const goodMirror = () => mirrorOf({ 'images-idx3.gz': gzipSync(imageBytes), 'labels-idx1.gz': gzipSync(labelBytes) });

const load = (options: Partial<LoadOptions> = {}) => loadFiles(dir, files, { mirrors: [], ...options });

/** The message of the error that loading ends in, and its class. */
async function failure(options: Partial<LoadOptions> = {}): Promise<Error> {
  const error = await load(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('expected loading to fail');
  return error;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'checked-files-'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(dir, { recursive: true });
});

describe('loadFiles from a folder', () => {
  it.each([
    ['gzipped', '.gz', gzipSync],
    ['unpacked', '', (bytes: Uint8Array) => bytes],
    ['unpacked by a browser that kept the name', '.gz', (bytes: Uint8Array) => bytes],
  ])('reads files that are %s', async (_, ending, pack) => {
    await writeFile(join(dir, `images-idx3${ending}`), pack(imageBytes));
    await writeFile(join(dir, `labels-idx1${ending}`), pack(labelBytes));
    expect(await load()).toEqual({ arrays: { images, labels }, downloaded: false });
  });

  const changed = Uint8Array.of(...imageBytes.subarray(0, -1), 5);
  it.each([
    ['truncated', imageBytes.subarray(0, -1), 'expected 20 bytes for uint8 [2, 1, 2], found 19'],
    ['truncated when gzipped', gzipSync(imageBytes).subarray(0, -9), 'expected a whole gzip file, found a damaged one'],
    ['empty', new Uint8Array(), 'expected an IDX file, whose magic number has 4 bytes, found 0 bytes'],
    ['a web page', Buffer.from('<html>'), 'expected an IDX file'],
    ['mislabelled', labelBytes, 'expected the images, uint8 [2, 1, 2], found uint8 [2]'],
    [
      'of another count',
      serializeIdx(new HostArray('uint8', [1, 1, 2], Uint8Array.of(1, 2))),
      'expected the images, uint8 [2, 1, 2], found uint8 [1, 1, 2]',
    ],
    [
      'of another type',
      serializeIdx(new HostArray('int8', [2, 1, 2], new Int8Array(4))),
      'expected the images, uint8 [2, 1, 2], found int8 [2, 1, 2]',
    ],
    [
      'changed',
      changed,
      `expected the images, whose unpacked bytes have the SHA-256 ${files.images.sha256}, found ${createHash('sha256').update(changed).digest('hex')}`,
    ],
  ])('names a file that is %s, and leaves everything as it is', async (_, bytes, message) => {
    const path = join(dir, 'images-idx3');
    await writeFile(path, bytes);
    await writeFile(join(dir, 'labels-idx1'), labelBytes);
    const error = await failure({ mirrors: [await goodMirror()] });
    expect(error).toBeInstanceOf(DataLossError);
    expect(error.message).toContain(`${path}: ${message}`);
    expect(error.message).toMatch(/[Dd]elete it, or replace it with the option redownload: true$/);
    expect(await readFile(path)).toEqual(Buffer.from(bytes));
    expect(await readdir(dir)).toEqual(['images-idx3', 'labels-idx1']);
  });

  it('says what is missing when downloads are off, without asking a mirror', async () => {
    let asked = 0;
    const mirror = await serve((_, response) => {
      asked++;
      response.end();
    });
    const error = await failure({ mirrors: [mirror], download: false });
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toBe(`images-idx3 and 1 more not found in ${dir}, and downloads are turned off`);
    expect(asked).toBe(0);
  });
});

describe('loadFiles from mirrors', () => {
  it('keeps what it downloads, so that the next time needs no mirror', async () => {
    expect(await load({ mirrors: [await goodMirror()] })).toEqual({ arrays: { images, labels }, downloaded: true });
    expect(await readdir(dir)).toEqual(['images-idx3.gz', 'labels-idx1.gz']);
    expect(await load()).toEqual({ arrays: { images, labels }, downloaded: false });
  });

  it('makes the folder', async () => {
    dir = join(dir, 'new', 'folder');
    await load({ mirrors: [`${await goodMirror()}/`] });
    expect(await readdir(dir)).toEqual(['images-idx3.gz', 'labels-idx1.gz']);
    dir = join(dir, '../..');
  });

  it('asks only for what is missing', async () => {
    const path = join(dir, 'images-idx3');
    await writeFile(path, imageBytes);
    const mirror = await mirrorOf({ 'labels-idx1.gz': gzipSync(labelBytes) });
    expect(await load({ mirrors: [mirror] })).toEqual({ arrays: { images, labels }, downloaded: true });
    expect(await readdir(dir)).toEqual(['images-idx3', 'labels-idx1.gz']);
  });

  it('takes from the next mirror what one does not have or has wrong', async () => {
    const half = await mirrorOf({ 'images-idx3.gz': gzipSync(imageBytes) });
    const wrong = await mirrorOf({ 'images-idx3.gz': gzipSync(labelBytes), 'labels-idx1.gz': gzipSync(imageBytes) });
    const { arrays } = await load({ mirrors: [wrong, half, await goodMirror()] });
    expect(arrays).toEqual({ images, labels });
  });

  it('unpacks nothing twice where a server says that gzip is its encoding', async () => {
    const mirror = await serve((request, response) => {
      const bytes = request.url === '/images-idx3.gz' ? imageBytes : labelBytes;
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes));
    });
    expect((await load({ mirrors: [mirror] })).arrays).toEqual({ images, labels });
    expect(await readdir(dir)).toEqual(['images-idx3', 'labels-idx1']);
    expect((await load()).arrays).toEqual({ images, labels });
  });

  it('reports progress', async () => {
    const reports: DownloadProgress[] = [];
    const mirror = await goodMirror();
    await load({ mirrors: [mirror], onProgress: (progress) => reports.push(progress) });
    const { length } = gzipSync(imageBytes);
    expect(reports[0]).toEqual({ url: `${mirror}/images-idx3.gz`, receivedBytes: length, totalBytes: length });
  });

  it('lets an error of the progress callback through', async () => {
    const onProgress = () => {
      throw new RangeError('stop');
    };
    expect(await failure({ mirrors: [await goodMirror()], onProgress })).toEqual(new RangeError('stop'));
    expect(await readdir(dir)).toEqual([]);
  });

  it('says of each mirror why it failed, and keeps nothing that failed', async () => {
    const missing = await mirrorOf({});
    const wrong = await mirrorOf({ 'images-idx3.gz': gzipSync(labelBytes) });
    const torn = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('torn', () => response.destroy());
    });
    const silent = await serve(() => undefined);
    const stalled = await serve((_, response) => {
      response.writeHead(200).write('begun');
    });
    const refused = 'http://127.0.0.1:1';
    const nonsense = 'not an address';
    const mirrors = [missing, wrong, torn, silent, stalled, refused, nonsense];
    const error = await failure({ mirrors, timeoutInMs: 200 });
    expect(error).toBeInstanceOf(UnavailableError);
    const file = 'images-idx3.gz';
    expect(error.message).toContain(`images-idx3 and 1 more not found in ${dir}, and could not be downloaded: `);
    expect(error.message).toContain(`${missing}/${file}: the server answered 404`);
    expect(error.message).toContain(`${wrong}/${file}: expected the images, uint8 [2, 1, 2], found uint8 [2]`);
    expect(error.message).toMatch(`${torn}/${file}: `);
    expect(error.message).toContain(`${silent}/${file}: nothing arrived for 0.2 seconds`);
    expect(error.message).toContain(`${stalled}/${file}: nothing arrived for 0.2 seconds`);
    expect(error.message).toContain(`${refused}/${file}: `);
    expect(error.message).toContain(`${nonsense}/${file}: `);
    expect(await readdir(dir)).toEqual([]);
  });

  it('stops reading a file that never ends', async () => {
    const endless = await serve((_, response) => {
      const chunk = Buffer.alloc(2 ** 20);
      const write = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', write);
      write();
    });
    expect((await failure({ mirrors: [endless] })).message).toContain('expected at most 67108864 bytes, more came');
  });

  it('stops unpacking a file that unpacks to far too much', async () => {
    const zeros = gzipSync(Buffer.concat([Uint8Array.of(0, 0, 8, 1, 8, 0, 0, 0), Buffer.alloc(2 ** 27)]));
    const bomb = await mirrorOf({ 'images-idx3.gz': zeros });
    expect((await failure({ mirrors: [bomb] })).message).toContain('claim to hold 134217736, more than the 67108864');
  });
});

describe('loadFiles with redownload', () => {
  it('replaces a damaged file by a good one, under either name', async () => {
    await writeFile(join(dir, 'images-idx3'), imageBytes.subarray(0, -1));
    await writeFile(join(dir, 'labels-idx1.gz'), 'damaged');
    const options = { mirrors: [await goodMirror()], redownload: true };
    expect(await load(options)).toEqual({ arrays: { images, labels }, downloaded: true });
    expect(await readdir(dir)).toEqual(['images-idx3.gz', 'labels-idx1.gz']);
    expect(await load()).toEqual({ arrays: { images, labels }, downloaded: false });
  });

  it('leaves good files alone', async () => {
    await writeFile(join(dir, 'images-idx3'), imageBytes);
    await writeFile(join(dir, 'labels-idx1'), labelBytes);
    expect(await load({ redownload: true })).toEqual({ arrays: { images, labels }, downloaded: false });
  });

  it('leaves a damaged file where it is when there is no better one', async () => {
    await writeFile(join(dir, 'images-idx3'), 'damaged');
    expect(await failure({ mirrors: [await mirrorOf({})], redownload: true })).toBeInstanceOf(UnavailableError);
    expect(await readFile(join(dir, 'images-idx3'), 'utf8')).toBe('damaged');
  });
});
