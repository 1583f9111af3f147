/** Adapts Node's process to a notebook: its output belongs to a cell, and code can't end it. */
import { StringDecoder } from 'node:string_decoder';
import type { Cell } from './cell';

/**
 * Sends what is written to stdout and stderr to the cell whose code writes it.
 *
 * @param cellOf returns the running cell, or the last one
 * @returns a function that undoes it
 */
export function captureProcess(cellOf: () => Cell | undefined): () => void {
  const undo = [
    captureStream('stdout', cellOf),
    captureStream('stderr', cellOf),
    replace(process, 'exit', {
      configurable: true,
      value: () => {
        throw new Error('process.exit() would end the kernel with all its variables: restart it from the menu instead');
      },
    }),
  ];
  return () => {
    for (const restore of undo.reverse()) restore();
  };
}

function captureStream(name: 'stdout' | 'stderr', cellOf: () => Cell | undefined): () => void {
  const stream = process[name];
  const native = stream.write;
  const decoder = new StringDecoder('utf8'); // writes may split a character's bytes
  const write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    callback?: (error?: Error | null) => void,
  ): boolean => {
    const cell = cellOf();
    if (!cell) return native.call(stream, chunk, encoding as BufferEncoding, callback);
    cell.output.stream(name, typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)));
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
  return replace(stream, 'write', { configurable: true, writable: true, value: write });
}

/** Replaces a property; returns a function that restores it. */
export function replace(object: object, name: string | symbol, descriptor: PropertyDescriptor): () => void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, descriptor);
  return () => {
    if (before) Object.defineProperty(object, name, before);
    else delete (object as Record<string | symbol, unknown>)[name];
  };
}
