import { expect, it } from 'vitest';
import { operation } from '../../testing/graphData';
import { hierarchyOf } from './hierarchy';
import { layoutOf } from './layout';
import { nearestNode } from './nearest';

const { nodes } = layoutOf(
  hierarchyOf([
    operation('a', 'A'),
    operation('b', 'B', ['a:0']),
    operation('c', 'C', ['a:0']),
    operation('d', 'D', ['b:0', 'c:0']),
  ]),
  new Set(),
);

it('goes to the node that lies next in the direction of an arrow key', () => {
  const [left, right] = ['b', 'c'].sort((a, b) => xOf(a) - xOf(b)) as [string, string];
  expect(nearestNode(nodes, left, 'ArrowRight')).toBe(right);
  expect(nearestNode(nodes, right, 'ArrowLeft')).toBe(left);
  expect(nearestNode(nodes, left, 'ArrowDown')).toBe('d');
  expect(nearestNode(nodes, left, 'ArrowUp')).toBe('a');
});

const xOf = (id: string) => nodes.find(({ node }) => node.id === id)!.x;

it('goes nowhere where nothing lies, and by no other key', () => {
  expect(nearestNode(nodes, 'a', 'ArrowUp')).toBeUndefined();
  expect(nearestNode(nodes, 'a', 'Home')).toBeUndefined();
  expect(nearestNode(nodes, 'nowhere', 'ArrowUp')).toBeUndefined();
});
