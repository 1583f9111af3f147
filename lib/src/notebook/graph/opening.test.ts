import { expect, it } from 'vitest';
import { operation } from '../../testing/graphData';
import { hierarchyOf } from './hierarchy';
import { openWithin } from './opening';

const hierarchy = hierarchyOf([
  ...['a/b/1', 'a/b/2', 'a/b/3', 'a/c', 'd/1', 'd/2'].map((name) => operation(name, 'Neg')),
]);
const all = new Set(['a/', 'a/b/', 'd/']);

it('opens what is wanted as long as not too many nodes are seen, the outermost scopes first', () => {
  const opened = (limit: number) => [...openWithin(hierarchy, all, limit)];
  expect(opened(9)).toEqual(['a/', 'd/', 'a/b/']);
  expect(opened(8)).toEqual(['a/', 'd/']);
  expect(opened(4)).toEqual(['a/']);
  expect(opened(3)).toEqual([]);
});

it('opens nothing in a closed scope', () => {
  expect([...openWithin(hierarchy, new Set(['a/b/', 'd/']))]).toEqual(['d/']);
});
