import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph';
import { table, tables } from './table';

/** Types that builders make or name, and that have no row. */
const WITHOUT: Record<string, string> = {
  AudioSummary: 'of TensorFlow 0.x; Python has none for it either',
  Enter: 'a part of loops, which gradients refuse by name',
  Exit: 'a part of loops, which gradients refuse by name',
  Merge: 'a part of conditions, which gradients refuse by name',
  RefSwitch: 'a part of conditions, which gradients refuse by name',
  Switch: 'a part of conditions, which gradients refuse by name',
};

/** The types of operations that the builders' sources name. */
function typesOfBuilders(): string[] {
  const graph = new Graph();
  const isType = (name: string) => {
    try {
      return graph.definition(name).name === name;
    } catch {
      return false;
    }
  };
  const folders = ['ops', 'summary'].map((room) => path.join(__dirname, '..', room));
  const names = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => readFileSync(path.join(folder, file), 'utf8').match(/(?<=')[A-Z]\w*(?=')/g) ?? []),
  );
  return [...new Set(names)].filter(isType);
}

describe('the tables of gradients', () => {
  it('have no type twice', () => {
    const types = tables.flatMap((rows) => Object.keys(rows));
    expect(types.filter((type, i) => types.indexOf(type) !== i)).toEqual([]);
    expect(table.size).toBe(types.length);
  });

  it('have a row for every operation that a builder makes, or there is a reason', () => {
    const types = typesOfBuilders();
    expect(types.length).toBeGreaterThan(150);
    expect(types.filter((type) => !table.has(type)).sort()).toEqual(Object.keys(WITHOUT));
  });
});
