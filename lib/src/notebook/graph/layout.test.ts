import { describe, expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
import type { PlacedNode } from './drawing';
import { hierarchyOf } from './hierarchy';
import { layoutOf } from './layout';

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
    const { nodes, headings } = layoutOf(line, new Set(), direction);
    const side = direction === 'right' ? 'y' : 'x';
    expect(headings.map(({ text }) => text)).toEqual(['Training', 'Auxiliary']);
    const model = nodes.filter(({ node }) => node.part === 'model').map((node) => node[side]);
    const others = nodes.filter(({ node }) => node.part !== 'model').map((node) => node[side]);
    expect(Math.min(...others)).toBeGreaterThan(Math.max(...model));
  });
});

describe('layoutOf', () => {
  it('sets the edges from part to part apart from those within one', () => {
    const { edges } = layoutOf(line, new Set());
    const ends = (isAcross: boolean) =>
      edges.filter(({ across }) => across === isAcross).map(({ from, to }) => `${from} → ${to}`);
    expect(ends(true)).toEqual(
      expect.arrayContaining(['line/ → gradients/', 'line/ → GradientDescent/', 'line/ → save/', 'loss → loss_1']),
    );
    expect(ends(false).sort()).toEqual(
      [...['x → line/', 'line/ → loss', 'gradients/ → GradientDescent/', 'global_step → GradientDescent/']].sort(),
    );
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
    expect(layoutOf(hierarchyOf([]), new Set())).toMatchObject({ nodes: [], edges: [], headings: [] });
  });

  it('draws a loop', () => {
    const loop = hierarchyOf([operation('a', 'Merge', ['b:0']), operation('b', 'NextIteration', ['a:0'])]);
    expect(layoutOf(loop, new Set()).edges).toHaveLength(2);
  });

  it('sets what is connected with nothing in lines, so that much of it stays in sight', () => {
    const many = hierarchyOf(Array.from({ length: 30 }, (_, i) => operation(`a${i}`, `Type${i}`)));
    for (const direction of ['down', 'right'] as const) {
      const { width, height } = layoutOf(many, new Set(), direction);
      expect(Math.max(width, height)).toBeLessThan(1100);
    }
  });
});

describe('layoutOf, with open scopes', () => {
  /** Layers in a chain, each with what comes from before it, and a weight. */
  const layers = hierarchyOf(
    ['a', 'b', 'c'].flatMap((layer, i, all) => [
      operation(`${layer}/w`, 'VariableV2'),
      operation(`${layer}/MatMul`, 'MatMul', [i > 0 ? `${all[i - 1]}/Relu:0` : 'x:0', `${layer}/w:0`]),
      operation(`${layer}/Relu`, 'Relu', [`${layer}/MatMul:0`]),
    ]),
  );
  const open = new Set(['a/', 'b/', 'c/']);

  it.each(['down', 'up', 'right'] as const)('draws them below each other, not aside, %s', (direction) => {
    const { nodes } = layoutOf(layers, open, direction);
    const [start, size] = direction === 'right' ? (['y', 'height'] as const) : (['x', 'width'] as const);
    const boxes = [...open].map((id) => byId(nodes, id));
    const middles = boxes.map((box) => box[start] + box[size] / 2);
    expect(Math.max(...middles) - Math.min(...middles)).toBeLessThan(boxes[0]![size] / 2);
    for (const [i, box] of boxes.entries())
      for (const other of boxes.slice(i + 1)) expect(overlap(box, other)).toBe(false);
  });

  it.each(['down', 'up', 'right'] as const)('leads edges from node to node through their borders, %s', (direction) => {
    const { nodes, edges } = layoutOf(layers, open, direction);
    const { points } = edges.find(({ from, to }) => from === 'a/Relu' && to === 'b/MatMul')!;
    const touches = (box: PlacedNode, { x, y }: { x: number; y: number }) =>
      x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 && y <= box.y + box.height + 1;
    expect(touches(byId(nodes, 'a/Relu'), points[0]!)).toBe(true);
    expect(touches(byId(nodes, 'b/MatMul'), points.at(-1)!)).toBe(true);
    const others = nodes.filter(({ node }) => node.children.length === 0 && !['a/Relu', 'b/MatMul'].includes(node.id));
    for (const point of points) for (const other of others) expect(touches(other, point), other.node.id).toBe(false);
  });
});

describe('layoutOf, by devices', () => {
  const on = (device: string, name: string, type: string, ...inputs: string[]) => ({
    ...operation(name, type, inputs),
    device,
  });
  const [ps, worker] = ['/job:ps/task:0', '/job:worker/task:0'];
  const placed = hierarchyOf(
    [
      on(ps, 'layer/w', 'VariableV2'),
      on(ps, 'layer/b', 'VariableV2'),
      on(worker, 'x', 'Placeholder'),
      on(worker, 'layer/MatMul', 'MatMul', 'x:0', 'layer/w:0'),
      on(worker, 'layer/add', 'Add', 'layer/MatMul:0', 'layer/b:0'),
      on(worker, 'gradients/add_grad/Mul', 'Mul', 'layer/add:0'),
      on(ps, 'train/update', 'ApplyGradientDescent', 'layer/w:0', 'gradients/add_grad/Mul:0'),
    ],
    'device',
  );
  const open = new Set([...placed.root.children.map(({ id }) => id), `on ${worker}: layer/`]);

  it.each(['down', 'right'] as const)(
    'draws a box for each, with what runs there and nothing else, %s',
    (direction) => {
      const { nodes, width, height } = layoutOf(placed, open, direction);
      const boxes = nodes.filter(({ node }) => node.kind === 'device');
      expect(boxes.map(({ node }) => node.label)).toEqual([ps, worker]);
      expect(overlap(boxes[0]!, boxes[1]!)).toBe(false);
      for (const one of nodes) {
        const home = one.node.operations[0]!.device === ps ? 0 : 1;
        expect(isWithin(one, boxes[home]!), one.node.id).toBe(true);
        expect(one.x + one.width).toBeLessThanOrEqual(width);
        expect(one.y + one.height).toBeLessThanOrEqual(height);
      }
    },
  );

  it('draws what is sent from one to the other, with its label in between', () => {
    const { nodes, edges } = layoutOf(placed, open);
    const wire = edges.find(({ from, to }) => from !== 'layer/MatMul' && to === 'layer/add')!;
    expect([wire.from, wire.across]).toEqual([`on ${ps}: layer/`, false]);
    const [from, to] = [byId(nodes, wire.from), byId(nodes, wire.to)];
    expect(wire.points[0]!.x).toBeCloseTo(from.x + from.width);
    expect(wire.points.at(-1)!.x).toBeCloseTo(to.x);
    expect(edges.some(({ to, across }) => to === 'train/update' && !across)).toBe(true);
  });
});

it('says in Chinese what stands in boxes and above parts, which takes no more room than in English', () => {
  const english = layoutOf(line, new Set());
  const chinese = layoutOf(hierarchyOf(trainedLine, 'structure', 'zh'), new Set());
  expect(chinese.headings.map(({ text }) => text)).toEqual(['训练', '辅助']);
  expect(chinese.nodes.find(({ node }) => node.id === 'line/')!.detail).toMatch(/^\d+ 个操作$/);
  expect(chinese.nodes.map(({ width }) => width)).toEqual(english.nodes.map(({ width }) => width));
});
