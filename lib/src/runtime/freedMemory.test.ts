// In a process of its own: it looks at the memory of the whole process.
import { readFileSync, realpathSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tf } from '..';
import { giveBackPagesOf } from './freedMemory';
import { koffi } from './koffi';
import { locateLibrary } from './locate';

const { main, framework } = locateLibrary();
const libraries = framework === undefined ? [main] : [framework, main];

/** How many kB of the libraries' pages that can't be written to are in memory. */
function pagesInMemory(): number {
  const files = libraries.map((file) => realpathSync(file));
  let isOurs = false;
  let sum = 0;
  for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
    if (/^[0-9a-f]+-/.test(line)) isOurs = / r-/.test(line) && files.some((file) => line.endsWith(file));
    const [, kilobytes] = /^Rss: +(\d+) kB/.exec(line) ?? [];
    if (isOurs && kilobytes !== undefined) sum += Number(kilobytes);
  }
  return sum;
}

describe.runIf(process.platform === 'linux')("the pages of libtensorflow's files", () => {
  const session = new tf.Session({ graph: new tf.Graph() });
  const compute = () => session.runSync(session.graph.asDefault(() => tf.add(1, 2)));

  it('leave the memory when they are given back, and what is needed of them returns', async () => {
    expect(compute()).toBe(3);
    const before = pagesInMemory();
    await giveBackPagesOf(koffi().load(null), libraries);
    const after = pagesInMemory();
    expect(after).toBeLessThan(before / 2); // what the linker has changed stays
    expect(compute()).toBe(3);
    expect(pagesInMemory()).toBeGreaterThan(after);
  });
});
