import { expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
import { edgeId } from './edges';
import { hierarchyOf } from './hierarchy';
import { pathOf } from './path';

const line = hierarchyOf(trainedLine);
const lit = (id: string, ...expanded: string[]) => pathOf(line.nodes.get(id)!, line, new Set(expanded));

it('lights what a node depends on and what depends on it, with the scopes around', () => {
  const { nodes } = lit('line/MatMul', 'line/');
  expect(nodes).toEqual(
    new Set(['', 'line/MatMul', 'line/', 'x', 'line/w', 'loss', 'loss_1', 'gradients/', 'GradientDescent/']),
  );
});

it('lights the edges on that way and no others', () => {
  const chain = hierarchyOf([
    operation('a', 'A'),
    operation('b', 'B', ['a:0']),
    operation('c', 'C', ['b:0']),
    operation('aside', 'D', ['a:0']),
    operation('e', 'E', ['aside:0', 'c:0']),
  ]);
  const { nodes, edges } = pathOf(chain.nodes.get('b')!, chain, new Set());
  expect(nodes.has('aside')).toBe(false);
  expect(edges).toEqual(new Set([edgeId('a', 'b'), edgeId('b', 'c'), edgeId('c', 'e')]));
});

it('follows control, too, and stands for closed scopes by what is in them', () => {
  expect(lit('init').nodes).toEqual(new Set(['', 'init', 'line/', 'global_step']));
});

it('comes to an end in a loop', () => {
  const loop = hierarchyOf([operation('a', 'Merge', ['b:0']), operation('b', 'NextIteration', ['a:0'])]);
  expect(pathOf(loop.nodes.get('a')!, loop, new Set()).nodes).toEqual(new Set(['', 'a', 'b']));
});
