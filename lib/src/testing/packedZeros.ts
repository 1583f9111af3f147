/** Bytes that unpack to very many. */
import { createDeflate, createGzip, type Zlib } from 'node:zlib';

/** `megabytes` of zeros, packed by zlib's format or gzip's, behind a few other bytes. Made without ever holding them. */
export async function packedZeros(
  megabytes: number,
  format: 'zlib' | 'gzip',
  first = new Uint8Array(0),
): Promise<Buffer> {
  const packer: NodeJS.ReadWriteStream & Zlib =
    format === 'gzip' ? createGzip({ level: 1 }) : createDeflate({ level: 1 });
  const zeros = Buffer.alloc(1 << 20);
  const pieces: Buffer[] = [];
  packer.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise((resolve) => packer.once('end', resolve));
  packer.write(first);
  for (let i = 0; i < megabytes; i++) await new Promise<void>((resolve) => packer.write(zeros, () => resolve()));
  packer.end();
  await ended;
  return Buffer.concat(pieces);
}

/** How many megabytes more than before the process has held at its greatest while `work` ran. */
export async function memoryOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.resourceUsage().maxRSS;
  await work();
  return (process.resourceUsage().maxRSS - before) / 1024;
}
