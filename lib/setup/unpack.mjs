/**
 * Unpacks wheels (ZIP archives) and TensorFlow's own archives, without depending on this machine's programs where
 * possible.
 */
import { createWriteStream, mkdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { CommandError, run, SetupError, throwIfInterrupted } from './command.mjs';
import { folderSize, showProgress } from './progress.mjs';

/** The unpacker for a file, by its first bytes. */
function kindOf(begin) {
  if (begin.startsWith('PK')) return unzip;
  const compressed = ['\x1f\x8b', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd']; // gzip, bzip2, xz, Zstandard
  if (compressed.some((sign) => begin.startsWith(sign)) || begin.startsWith('ustar', 257)) return untar;
}

/**
 * Unpacks an archive into a folder, a ZIP archive only the files that `isWanted` accepts. Throws a one-line error if
 * the archive is damaged or isn't one.
 */
export async function unpack(file, folder, { isWanted = () => true, total } = {}) {
  const unpacked = kindOf(await beginOf(file));
  if (!unpacked) throw new SetupError(`${file} is neither a wheel nor another .zip, .tar.gz or .tar archive`);
  const finish = showProgress('unpacking', { measure: () => folderSize(folder), total });
  try {
    await unpacked(file, folder, isWanted);
  } finally {
    finish();
  }
}

async function beginOf(file) {
  const opened = await open(file);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(262), 0, 262, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await opened.close();
  }
}

async function unzip(file, folder, isWanted) {
  const { default: yauzl } = await import('yauzl'); // loaded on demand: the repository's set-up installs it
  try {
    const archive = await yauzl.openPromise(file);
    for await (const entry of archive.eachEntry()) {
      throwIfInterrupted();
      if (entry.fileName.endsWith('/') || !isWanted(entry.fileName)) continue;
      const target = path.join(folder, entry.fileName); // yauzl has checked that the path stays within the folder
      mkdirSync(path.dirname(target), { recursive: true });
      const content = await archive.openReadStreamPromise(entry);
      await pipeline(content, checking(entry), createWriteStream(target, { flush: true }));
    }
  } catch (error) {
    if (error instanceof SetupError || error.exitCode !== undefined) throw error;
    throw failure(file, error, error.code === undefined || /^(Z_|ERR_)/.test(error.code));
  }
}

/** Passes a file's bytes on and throws at the end if their checksum is wrong. */
function checking({ crc32: wanted, fileName }) {
  let found = 0;
  return new Transform({
    transform(chunk, _encoding, done) {
      found = zlib.crc32?.(chunk, found) ?? wanted; // available from Node 20.15 on
      done(null, chunk);
    },
    flush(done) {
      done(found === wanted ? null : new Error(`the bytes of ${fileName} are not those that were packed`));
    },
  });
}

async function untar(file, folder) {
  try {
    await run('tar', ['-xf', path.resolve(file), '-C', folder, '--no-same-owner']);
  } catch (error) {
    if (error.code === 'ENOENT') throw new SetupError(`to unpack ${file} needs the program tar, which is not here`);
    if (!(error instanceof CommandError)) throw error;
    const [reason] = error.output.trim().split('\n');
    throw failure(file, new Error(reason || error.message), !/space|quota|denied|read-only/i.test(reason));
  }
}

function failure(file, { message }, isDamaged) {
  const { size } = statSync(file);
  return new SetupError(
    isDamaged ? `${file} (${size} bytes) is damaged: ${message}` : `${file} could not be unpacked: ${message}`,
  );
}
