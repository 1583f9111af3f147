/** `using` at a cell's top level, which is the cell's own and ends with it. */
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KernelClient } from './testing/client';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutDown());

it('disposes of what a cell declares so at its end, and tells later cells so', async () => {
  await kernel.run(`
    const ends: string[] = [];
    const open = (name: string) => ({ name, [Symbol.dispose]() { ends.push(name); } });
    const openLater = (name: string) => ({ async [Symbol.asyncDispose]() { await 1; ends.push(name); } });`);
  expect((await kernel.run("using first = open('first'), second = open('second'); ends.length")).result).toBe('0');
  const failed = await kernel.run("await using third = openLater('third'); using fourth = open('fourth'); throw 1;");
  expect(failed.reply.status).toBe('error');
  const kept = `
    using fifth = open('fifth');
    let times = 0;
    const count = () => times++;
    function name() { return fifth.name; }
    class Named { name = name(); }`;
  expect((await kernel.run(kept)).reply.status).toBe('ok');
  const seen = await kernel.run(
    'times = 5; [ends.join(), count(), times, name(), new Named().name, { count }.count()]',
  );
  expect(seen.result).toBe("[ 'second,first,fourth,third,fifth', 5, 6, 'fifth', 'fifth', 6 ]");
  const { reply } = await kernel.run('fifth');
  expect(reply.evalue).toMatch(/fifth was disposed of at the end of In\[\d+\], which declared it with using/);
  expect((await kernel.run('const fifth = 5;')).reply.status).toBe('ok');
  expect((await kernel.run('using sixth = null; fifth')).result).toBe('5');
});

it('hides no error behind that of a disposal, and shows none of a helper of the compiler among the places', async () => {
  const { reply } = await kernel.run(
    "using it = { [Symbol.dispose]() { throw new RangeError('last'); } };\nthrow new TypeError('first');",
  );
  expect(reply.ename).toBe('SuppressedError');
  const text = stripVTControlCharacters(reply.traceback.join('\n'));
  for (const part of ['one of them\nTypeError: first', 'one of them\nRangeError: last', /In\[\d+\]:2:7/])
    expect(text).toMatch(part);
  expect(text).not.toMatch(/__disposeResources|at next/);
});
