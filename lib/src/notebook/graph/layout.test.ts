import { describe, expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
import { hierarchyOf } from './hierarchy';
import { layoutOf, type PlacedNode } from './layout';

const line = hierarchyOf(trainedLine);
const all = new Set(line.nodes.keys());

const isWithin = (inner: PlacedNode, outer: PlacedNode) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const overlap = (a: PlacedNode, b: PlacedNode) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const byId = (nodes: readonly PlacedNode[], id: string) => nodes.find(({ node }) => node.id === id)!;

describe.each(['down', 'up', 'right'] as const)('layoutOf, %s', (direction) => {
  it.each([
    ['closed', new Set<string>()],
    ['half open', new Set(['line/', 'save/'])],
    ['open', all],
  ])('keeps nodes apart, %s, and everything within the drawing', (_, expanded) => {
    const { nodes, edges, width, height } = layoutOf(line, expanded, direction);
    const closed = nodes.filter(({ open }) => !open);
    for (const [i, a] of closed.entries())
      for (const b of closed.slice(i + 1)) expect(overlap(a, b), `${a.node.id} ${b.node.id}`).toBe(false);
    for (const { x, y, width: w, height: h } of nodes) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + w).toBeLessThanOrEqual(width);
      expect(y + h).toBeLessThanOrEqual(height);
    }
    for (const { points } of edges)
      for (const { x, y } of points) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(width);
        expect(y).toBeLessThanOrEqual(height);
      }
  });

  it('draws what is in an open scope within it, and nothing of a closed one', () => {
    const { nodes } = layoutOf(line, new Set(['line/']), direction);
    const scope = byId(nodes, 'line/');
    expect(scope.open).toBe(true);
    for (const id of ['line/w', 'line/MatMul']) expect(isWithin(byId(nodes, id), scope)).toBe(true);
    expect(nodes.some(({ node }) => node.parent?.id === 'gradients/')).toBe(false);
  });

  it('has tensors flow that way', () => {
    const { nodes } = layoutOf(line, new Set(), direction);
    const order = ['x', 'line/', 'loss'].map((id) => {
      const { x, y } = byId(nodes, id);
      return { down: y, up: -y, right: x }[direction];
    });
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('sets what trains and what is auxiliary beside the model', () => {
    const { nodes, parts } = layoutOf(line, new Set(), direction);
    const side = direction === 'right' ? 'y' : 'x';
    expect(parts.map(({ part }) => part)).toEqual(['training', 'auxiliary']);
    const model = nodes.filter(({ node }) => node.part === 'model').map((node) => node[side]);
    const others = nodes.filter(({ node }) => node.part !== 'model').map((node) => node[side]);
    expect(Math.min(...others)).toBeGreaterThan(Math.max(...model));
  });
});

describe('layoutOf', () => {
  it('draws the edges from the model to what trains it, and no edge to what is auxiliary', () => {
    const { edges } = layoutOf(line, new Set());
    const across = edges.filter((edge) => edge.across).map(({ from, to }) => [from, to]);
    expect(across).toContainEqual(['line/', 'gradients/']);
    expect(across).toContainEqual(['line/', 'GradientDescent/']);
    expect(edges.some(({ to }) => to === 'init' || to === 'save/' || to === 'loss_1')).toBe(false);
  });

  it.each(['down', 'up', 'right'] as const)(
    'sets what is connected with nothing beside the others, %s',
    (direction) => {
      const chain = [operation('a', 'Neg'), operation('b', 'Neg', ['a:0']), operation('c', 'Neg', ['b:0'])];
      const shortcut = operation('d', 'Add', ['a:0', 'c:0']);
      const unused = [
        operation('unused', 'Placeholder'),
        operation('scope/x', 'Neg'),
        operation('scope/y', 'Neg', ['scope/x:0']),
      ];
      const { nodes, edges } = layoutOf(hierarchyOf([...chain, ...unused, shortcut]), new Set(['scope/']), direction);
      const [start, size] = direction === 'right' ? (['y', 'height'] as const) : (['x', 'width'] as const);
      const isAlone = ({ node }: PlacedNode) => /^(unused|scope)/.test(node.id);
      const end = Math.max(...nodes.filter(isAlone).map((node) => node[start] + node[size]));
      for (const node of nodes.filter((node) => !isAlone(node))) expect(node[start]).toBeGreaterThan(end);
      const points = edges.filter(({ from }) => !from.startsWith('scope/')).flatMap(({ points }) => points);
      for (const point of points) expect(point[start]).toBeGreaterThan(end);
    },
  );

  it('draws an empty graph as nothing', () => {
    expect(layoutOf(hierarchyOf([]), new Set())).toMatchObject({ nodes: [], edges: [], parts: [] });
  });

  it('draws a loop', () => {
    const loop = hierarchyOf([operation('a', 'Merge', ['b:0']), operation('b', 'NextIteration', ['a:0'])]);
    expect(layoutOf(loop, new Set()).edges).toHaveLength(2);
  });
});
