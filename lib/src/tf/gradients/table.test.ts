import { describe, expect, it } from 'vitest';
import { table, tables } from './table';

describe('the tables of gradients', () => {
  it('have no type twice', () => {
    const types = tables.flatMap((rows) => Object.keys(rows));
    expect(types.filter((type, i) => types.indexOf(type) !== i)).toEqual([]);
    expect(table.size).toBe(types.length);
  });
});
