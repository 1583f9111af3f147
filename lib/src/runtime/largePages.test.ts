// In a process of its own: it looks at the memory of the whole process.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { askForLargePages } from './largePages';

/** How many kB of the process's memory may have large pages. */
function askedFor(): number {
  let [size, sum] = [0, 0];
  for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
    size = Number(/^Size: +(\d+) kB/.exec(line)?.[1] ?? size);
    if (/^VmFlags:.* hg\b/.test(line)) sum += size;
  }
  return sum;
}

it.runIf(existsSync('/sys/kernel/mm/transparent_hugepage'))(
  'memory of WebAssembly may be asked for in large pages',
  () => {
    const before = askedFor();
    const memory = new WebAssembly.Memory({ initial: 64 }); // 4 MB
    expect(askedFor()).toBe(before);
    askForLargePages(memory.buffer);
    expect(askedFor()).toBe(before + 4096);
    expect(new Uint8Array(memory.buffer).every((byte) => byte === 0)).toBe(true);
  },
);
