import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Cell, type CellOutput } from './cell';
import { Cells } from './cells';

const output: CellOutput = { stream() {}, display() {}, clear() {} };

/** Collects what nobody has any more. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  await setImmediate(); // what was looked at lives on for as long as the code that did
  gc();
}

it('knows the cells that have something at work, and the last one', async () => {
  const cells = new Cells();
  const work: unknown[] = [];
  const begin = (name: string, leave?: (cell: Cell) => unknown) => {
    const cell = new Cell(name, output);
    cells.add(cell);
    work.push(leave?.(cell));
  };
  begin('In[1]', (cell) => cell);
  begin('In[2]');
  begin('In[3]', ({ signal }) => signal);
  begin('In[4]');
  begin('In[5]');
  await collect();
  expect(cells.all.map(({ name }) => name)).toEqual(['In[1]', 'In[3]', 'In[5]']);
  expect(cells.last?.name).toBe('In[5]');
});

it('forgets one that was aborted when it has ended', async () => {
  const cells = new Cells();
  const cell = new Cell('In[1]', output);
  cells.add(cell);
  cell.abort();
  expect(cells.all).toEqual([cell]);
  await cell.end();
  expect(cells.all).toEqual([]);
});
