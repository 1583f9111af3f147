import { describe, expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
import { edgesOf, seenAs } from './edges';
import { hierarchyOf } from './hierarchy';

const line = hierarchyOf(trainedLine);

/** Edges as `from → to: label`. */
const texts = (expanded: string[], hierarchy = line) =>
  edgesOf(hierarchy, new Set(expanded)).map(({ from, to, label }) => `${from.id} → ${to.id}${label && `: ${label}`}`);

describe('seenAs', () => {
  it('gives the outermost closed scope, and the node itself when all are open', () => {
    const { leaves } = hierarchyOf([operation('a/b/x', 'Neg'), operation('a/b/y', 'Neg'), operation('a/z', 'Neg')]);
    const seen = (...expanded: string[]) => seenAs(leaves.get('a/b/x')!, new Set(expanded)).id;
    expect(seen()).toBe('a/');
    expect(seen('a/b/')).toBe('a/');
    expect(seen('a/')).toBe('a/b/');
    expect(seen('a/', 'a/b/')).toBe('a/b/x');
  });
});

describe('edgesOf', () => {
  it('makes one edge of all that flows between two nodes', () => {
    const two = hierarchyOf([
      operation('a/x', 'Neg'),
      operation('a/y', 'Neg'),
      operation('b/x', 'Neg', ['a/x:0']),
      operation('b/y', 'Add', ['a/x:0', 'a/y:0']),
    ]);
    expect(texts([], two)).toEqual(['a/ → b/: 2 tensors']);
    expect(texts(['b/'], two)).toEqual(['a/ → b/x: scalar', 'a/ → b/y: 2 tensors']);
    expect(edgesOf(two, new Set())[0]?.tensors).toEqual(['a/x:0', 'a/y:0']);
  });

  it('labels an edge with the shape of its tensor, ? for a size that is unknown', () => {
    expect(texts([])).toContain('line/ → loss: ?×1');
  });

  it('leaves the label out where the node says the shape itself, and where no shape is known', () => {
    expect(texts([])).toContain('x → line/');
    const unknown = hierarchyOf([
      operation('a', 'Neg', [], [{ dtype: 'float32', shape: null }]),
      operation('b', 'Neg', ['a:0']),
    ]);
    expect(texts([], unknown)).toEqual(['a → b']);
  });

  it('has no edge within a node', () => {
    for (const { from, to } of edgesOf(line, new Set(line.nodes.keys()))) expect(from).not.toBe(to);
  });

  it('knows control, which is no data, and counts it as data where tensors flow, too', () => {
    const kinds = (inputs: string[]) =>
      edgesOf(hierarchyOf([operation('a', 'Neg'), operation('b', 'Neg', inputs)]), new Set()).map(({ kind }) => kind);
    expect(kinds(['^a'])).toEqual(['control']);
    expect(kinds(['a:0', '^a'])).toEqual(['data']);
  });
});
