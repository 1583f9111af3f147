/**
 * Places the nodes of a scope with dagre, in layers along the direction of data flow. The contents of an open scope are
 * placed first, and then treated as a single node, so that the scope is as compact as it would be alone; edges across
 * its border end at ports, from where they continue.
 */
import { graphlib, layout } from '@dagrejs/dagre';
import { type Drawing, fit, moveBy, NOTHING, type PlacedEdge, type PlacedNode, type Point, rounded } from './drawing';
import { type GraphEdge, isShapeSeen } from './edges';
import { type Direction, sizesText } from './graphData';
import type { GraphNode } from './hierarchy';
import { DETAIL_SIZE, EDGE_SIZE, LABEL_SIZE, textWidth } from './text';
import { graphWords } from './words';

/** Room at the top of an open scope, for its label. */
const TITLE = 14;

/** Above this number of nodes, the layout is faster and less careful. */
const MANY = 300;

/** The drawing of some nodes, and the courses inside it of edges from and to the outside, by {@link port}. */
interface Scope extends Drawing {
  readonly ways: ReadonlyMap<string, readonly Point[]>;
}

/** The key of the point where edges to a node enter, or edges from it leave. */
const port = (side: 'in' | 'out', node: GraphNode) => `${side} ${node.id}`;

/** Lays out some nodes, their visible contents, and the edges between them. */
export function place(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  expanded: ReadonlySet<string>,
  direction: Direction,
): Drawing {
  if (nodes.length === 0) return NOTHING;
  const isInside = (node: GraphNode | undefined): boolean =>
    node !== undefined && (nodes.includes(node) || isInside(node.parent));
  const inside = edges.filter(({ from, to }) => isInside(from) && isInside(to));
  const { ways: _, ...drawing } = scopeOf(nodes, inside, expanded, direction);
  return drawing;
}

function scopeOf(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  expanded: ReadonlySet<string>,
  direction: Direction,
): Scope {
  const members = new Set(nodes);
  const memberOf = (node: GraphNode | undefined): GraphNode | undefined =>
    node === undefined || members.has(node) ? node : memberOf(node.parent);
  const ends = edges
    .map((edge) => ({ edge, a: memberOf(edge.from), b: memberOf(edge.to) }))
    .filter(({ a, b }) => a !== undefined || b !== undefined);

  const scopes = new Map<GraphNode, Scope>();
  for (const node of nodes) {
    if (node.children.length === 0 || !expanded.has(node.id)) continue;
    const touching = ends.filter(({ a, b }) => a === node || b === node).map(({ edge }) => edge);
    scopes.set(node, titled(node, scopeOf(node.children, touching, expanded, direction)));
  }

  const graph = new graphlib.Graph<object, Box, Line>({ multigraph: true });
  const details = new Map(nodes.map((node) => [node, scopes.has(node) ? '' : detailOf(node)]));
  // Dagre places later nodes further left, and earlier ones further up.
  for (const node of direction === 'right' ? nodes : [...nodes].reverse()) {
    const { width, height } = scopes.get(node) ?? sizeOf(node.label, details.get(node)!);
    graph.setNode(node.id, { width, height, x: 0, y: 0 });
  }
  for (const { edge, a, b } of ends) {
    if (a === b) continue;
    const from = a?.id ?? port('in', edge.to);
    const to = b?.id ?? port('out', edge.from);
    for (const [id, member] of [
      [from, a],
      [to, b],
    ] as const)
      if (!member && !graph.hasNode(id)) graph.setNode(id, { width: 1, height: 1, x: 0, y: 0 });
    const name = a && b ? nameOf(edge) : PORT;
    if (!graph.hasEdge(from, to, name)) graph.setEdge(from, to, lineOf(edge, name !== PORT), name);
  }
  graph.setGraph({
    rankdir: { down: 'TB', up: 'BT', right: 'LR' }[direction],
    nodesep: 24,
    edgesep: 14,
    ranksep: direction === 'right' ? 24 : 28,
    ranker: nodes.length > MANY ? 'longest-path' : 'network-simplex',
  });
  layout(graph, { constraints: constraintsOf(nodes) });

  const corners = new Map(nodes.map((node) => [node, cornerOf(graph.node(node.id))]));
  /** The course of an edge inside an open scope at its end: from a node in it to the border. */
  const wayIn = (side: 'in' | 'out', node: GraphNode, member: GraphNode | undefined): readonly Point[] | undefined => {
    const { x, y } = corners.get(member!) ?? { x: 0, y: 0 };
    return scopes
      .get(member!)
      ?.ways.get(port(side, node))
      ?.map((point) => ({ x: point.x + x, y: point.y + y }));
  };
  const wayOf = (edge: GraphEdge, a: GraphNode | undefined, b: GraphNode | undefined): Point[] => {
    const from = a?.id ?? port('in', edge.to);
    const to = b?.id ?? port('out', edge.from);
    const { points } = graph.edge(from, to, a && b ? nameOf(edge) : PORT);
    return [
      ...(wayIn('out', edge.from, a) ?? points.slice(0, 1)),
      ...points.slice(1, -1),
      ...(wayIn('in', edge.to, b) ?? points.slice(-1)),
    ].map(rounded);
  };

  const placedNodes: PlacedNode[] = nodes.flatMap((node) => {
    const scope = scopes.get(node);
    const placed = { node, ...corners.get(node)!, open: scope !== undefined, detail: details.get(node)! };
    return [placed, ...(scope ? moveBy(placed.x, placed.y, scope).nodes : [])];
  });
  const placedEdges: PlacedEdge[] = [
    ...[...scopes].flatMap(([node, scope]) => moveBy(corners.get(node)!.x, corners.get(node)!.y, scope).edges),
    ...ends.flatMap(({ edge, a, b }) => {
      if (!a || !b || a === b) return [];
      const { x, y } = graph.edge(a.id, b.id, nameOf(edge));
      const { kind, label, from, to } = edge;
      return [
        { kind, across: false, label, from: from.id, to: to.id, points: wayOf(edge, a, b), at: rounded({ x, y }) },
      ];
    }),
  ];
  const outside = ends
    .filter(({ a, b }) => !a || !b)
    .map(({ edge, a, b }) => ({ edge, isIn: b !== undefined, way: wayOf(edge, a, b) }));
  const drawing = fit(
    placedNodes,
    placedEdges,
    // Next to other nodes, ports need room; above or below them, they are at the border.
    outside.flatMap(({ way }) => way.map(({ x, y }) => (direction === 'right' ? { y } : { x }))),
  );
  const [now, before] = [drawing.nodes[0]!, placedNodes[0]!];
  const ways = new Map(
    outside.map(({ edge, isIn, way }) => {
      const moved = way.map(({ x, y }) => ({ x: x + now.x - before.x, y: y + now.y - before.y }));
      return [port(isIn ? 'in' : 'out', isIn ? edge.to : edge.from), toBorder(moved, drawing, direction, isIn)];
    }),
  );
  return { ...drawing, ways };
}

/** A course that begins or ends at the border of its drawing, straight from its port. */
function toBorder(way: Point[], { width, height }: Drawing, direction: Direction, isIn: boolean): Point[] {
  const [axis, size] = direction === 'right' ? (['x', width] as const) : (['y', height] as const);
  const border = { ...way.at(isIn ? 0 : -1)!, [axis]: isIn === (direction !== 'up') ? 0 : size };
  const within = way.filter((point) => point[axis] > 0 && point[axis] < size);
  return isIn ? [border, ...within] : [...within, border];
}

/** The box of an open scope around its contents. */
function titled(node: GraphNode, scope: Scope): Scope {
  const width = Math.max(scope.width, Math.ceil(textWidth(`− ${node.label}`, LABEL_SIZE, true)) + 16);
  const dx = Math.round((width - scope.width) / 2);
  const moved = moveBy(dx, TITLE, scope);
  const ways = [...scope.ways].map(([name, points]) => {
    // What comes from above begins above the title.
    const shifted = points.map(({ x, y }) => ({ x: x + dx, y: y === 0 ? 0 : y + TITLE }));
    return [name, shifted] as const;
  });
  return { ...moved, width, height: scope.height + TITLE, ways: new Map(ways) };
}

/** Gradients are placed left of single operations, so that these aren't between them and the model. */
function constraintsOf(nodes: readonly GraphNode[]): { left: string; right: string }[] {
  const single = nodes.filter(({ children }) => children.length === 0);
  return nodes
    .filter(({ kind }) => kind === 'gradients')
    .flatMap((gradients) => single.map(({ id }) => ({ left: gradients.id, right: id })));
}

/** The name of edges from and to ports, of which there is only one each. */
const PORT = 'port';

const nameOf = ({ from, to }: GraphEdge) => `${from.id}\n${to.id}`;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Line {
  points: Point[];
  x: number;
  y: number;
  [option: string]: unknown;
}

/** An edge for dagre. */
function lineOf({ kind, label }: GraphEdge, isLabelled: boolean): Line {
  const text = isLabelled ? label : '';
  return {
    width: text ? textWidth(text, EDGE_SIZE) + 6 : 0,
    height: text ? EDGE_SIZE + 4 : 0,
    labelpos: 'c',
    weight: kind === 'data' ? 2 : 1,
    minlen: 1,
    points: [],
    x: 0,
    y: 0,
  };
}

/** Dagre returns the centre of a box. */
function cornerOf({ x, y, width, height }: Box): Box {
  return {
    x: Math.round(x - width / 2),
    y: Math.round(y - height / 2),
    width: Math.round(width),
    height: Math.round(height),
  };
}

function sizeOf(label: string, detail: string): { width: number; height: number } {
  const width = Math.max(textWidth(label, LABEL_SIZE, true), textWidth(detail, DETAIL_SIZE));
  return { width: Math.max(Math.ceil(width) + 28, 52), height: detail ? 40 : 28 };
}

/** The second line of a closed node; for scopes in English, which is wider than other languages. */
function detailOf(node: GraphNode): string {
  const { label, children, operations } = node;
  if (children.length > 0) return graphWords.en.operations(operations.length);
  const [operation] = operations;
  if (!operation) return '';
  const output = operation.outputs[0];
  if (output && isShapeSeen(node)) return `${output.dtype} ${sizesText(output.shape)}`;
  return label.replace(/_\d+$/, '').toLowerCase() === operation.type.toLowerCase() ? '' : operation.type;
}
