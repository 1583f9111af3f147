/** Places what is seen of a graph on a plane. The layout is dagre's: layers in the direction in which tensors flow. */
import { graphlib, layout } from '@dagrejs/dagre';
import { type EdgeKind, edgesOf, type GraphEdge, isShapeSeen } from './edges';
import { type Direction, sizesText } from './graphData';
import type { GraphNode, Hierarchy, Part } from './hierarchy';

/** A node at its place; `x` and `y` are its left upper corner. */
export interface PlacedNode {
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether it is a scope whose children are seen in it. */
  readonly open: boolean;
  /** A second line, smaller than the label. */
  readonly detail: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly kind: EdgeKind;
  /** Whether it leads from one part of the graph to another: there are many such edges, and they all say the same. */
  readonly across: boolean;
  readonly label: string;
  readonly from: string;
  readonly to: string;
  /** Where it runs, from border to border. */
  readonly points: readonly Point[];
  /** The middle of its label. */
  readonly at: Point;
}

/** What is seen of a graph, placed. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Open scopes come before what they hold. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  /** Where the parts other than the model begin: `x` and `y` are the left upper corner. */
  readonly parts: readonly (Point & { readonly part: Part })[];
}

/** Sizes of what is drawn, in pixels. */
export const LABEL_SIZE = 13;
export const DETAIL_SIZE = 11;
export const EDGE_SIZE = 10;
const MARGIN = 12;
const HEADING = 28;
const GAP = 40;

/** More than this many nodes are laid out faster and less carefully. */
const MANY = 300;

/**
 * Lays out what is seen of a graph while some scopes are open.
 *
 * @param expanded the ids of the open scopes; a scope is seen open when those around it are open, too
 */
export function layoutOf(hierarchy: Hierarchy, expanded: ReadonlySet<string>, direction: Direction = 'down'): Drawing {
  const isAcross = ({ from, to }: GraphEdge) => from.part === 'model' && to.part === 'training';
  const edges = edgesOf(hierarchy, expanded).filter((edge) => edge.from.part === edge.to.part || isAcross(edge));
  const connected = new Set(
    edges.map(({ from, to }) => [outermost(from), outermost(to)]).flatMap(([a, b]) => (a === b ? [] : [a, b])),
  );
  const isRight = direction === 'right';
  const areaOf = (part: Part, towards: Direction) => {
    const nodes = hierarchy.root.children.filter((node) => node.part === part);
    // In the layers of the others, what is connected with nothing would stand in the way of their edges.
    const alone = nodes.filter((node) => !connected.has(node));
    const others = nodes.filter((node) => connected.has(node));
    return inLine(
      [alone, others].map((some) => place(some, edges, expanded, towards)),
      towards,
    );
  };
  // Of what is auxiliary little is connected: laid out across the direction of the others it becomes a column beside them.
  const model = areaOf('model', direction);
  const training = areaOf('training', direction);
  const auxiliary = areaOf('auxiliary', isRight ? 'down' : 'right');

  // The model, and beside it what trains it and, at its end, the auxiliary part.
  const drawn = [model];
  const parts: (Point & { part: Part })[] = [];
  const beside = model.nodes.length === 0 ? 0 : GAP + (isRight ? model.height : model.width);
  let end = 0;
  for (const [part, area] of [
    ['training', training],
    ['auxiliary', auxiliary],
  ] as const) {
    if (area.nodes.length === 0) continue;
    const corner = isRight ? { x: end, y: beside } : { x: beside, y: end };
    parts.push({ part, ...corner });
    const moved = moveBy(corner.x, corner.y + HEADING, area);
    drawn.push(moved);
    end = (isRight ? moved.width : moved.height) + MARGIN;
  }
  const nodes = drawn.flatMap((area) => area.nodes);
  const across = edges.filter(isAcross);
  return {
    width: Math.max(...drawn.map(({ width }) => width)),
    height: Math.max(...drawn.map(({ height }) => height)),
    nodes,
    edges: [...across.map((edge) => acrossParts(edge, nodes, isRight)), ...drawn.flatMap((area) => area.edges)],
    parts,
  };
}

/** The node in no scope that a node is, or lies in. */
function outermost(node: GraphNode): GraphNode {
  return node.parent?.parent ? outermost(node.parent) : node;
}

type Area = Pick<Drawing, 'width' | 'height' | 'nodes' | 'edges'>;
const NOTHING: Area = { width: 0, height: 0, nodes: [], edges: [] };

/** An edge between parts: it leaves a node on the side where the next part is. */
function acrossParts({ from, to, kind, label }: GraphEdge, nodes: readonly PlacedNode[], isRight: boolean): PlacedEdge {
  const boxOf = ({ id }: GraphNode) => nodes.find(({ node }) => node.id === id)!;
  const [a, b] = [boxOf(from), boxOf(to)];
  const start = isRight ? { x: a.x + a.width / 2, y: a.y + a.height } : { x: a.x + a.width, y: a.y + a.height / 2 };
  const end = isRight ? { x: b.x + b.width / 2, y: b.y } : { x: b.x, y: b.y + b.height / 2 };
  // Points near the ends make the curve leave and arrive at a right angle.
  const bend = Math.min(60, Math.max(isRight ? end.y - start.y : end.x - start.x, 20) / 2);
  const near = isRight
    ? [
        { x: start.x, y: start.y + bend },
        { x: end.x, y: end.y - bend },
      ]
    : [
        { x: start.x + bend, y: start.y },
        { x: end.x - bend, y: end.y },
      ];
  const points = [start, ...near, end].map(rounded);
  const at = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  return { kind, across: true, label, from: from.id, to: to.id, points, at };
}

/** Areas in a line across the direction. */
function inLine(areas: readonly Area[], direction: Direction): Area {
  const isRight = direction === 'right';
  return areas
    .filter(({ nodes }) => nodes.length > 0)
    .reduce((first, second) => {
      const moved = isRight ? moveBy(0, first.height, second) : moveBy(first.width, 0, second);
      return {
        width: Math.max(first.width, moved.width),
        height: Math.max(first.height, moved.height),
        nodes: [...first.nodes, ...moved.nodes],
        edges: [...first.edges, ...moved.edges],
      };
    }, NOTHING);
}

function moveBy(dx: number, dy: number, area: Area): Area {
  const move = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy });
  return {
    width: area.width + dx,
    height: area.height + dy,
    nodes: area.nodes.map(move),
    edges: area.edges.map((edge) => ({ ...edge, points: edge.points.map(move), at: move(edge.at) })),
  };
}

/** Lays out some nodes with what is seen in them and the edges between them. */
function place(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  expanded: ReadonlySet<string>,
  direction: Direction,
): Area {
  if (nodes.length === 0) return NOTHING;
  const graph = new graphlib.Graph<object, Box, Line>({ compound: true, multigraph: false });
  const seen: PlacedNode[] = [];
  const add = (node: GraphNode) => {
    const open = node.children.length > 0 && expanded.has(node.id);
    const detail = open ? '' : detailOf(node);
    const size = open ? { width: 0, height: 0 } : sizeOf(node.label, detail);
    seen.push({ node, ...size, x: 0, y: 0, open, detail });
    if (open) node.children.forEach(add);
  };
  nodes.forEach(add);
  // Dagre puts what comes last to the left.
  for (const { node, width, height } of [...seen].reverse()) graph.setNode(node.id, { width, height, x: 0, y: 0 });
  for (const { node } of seen)
    if (node.parent && graph.hasNode(node.parent.id)) graph.setParent(node.id, node.parent.id);
  const inside = edges.filter(({ from, to }) => graph.hasNode(from.id) && graph.hasNode(to.id));
  for (const { from, to, kind, label } of inside) {
    graph.setEdge(from.id, to.id, {
      width: textWidth(label, EDGE_SIZE) + 6,
      height: label ? EDGE_SIZE + 4 : 0,
      labelpos: 'c',
      weight: kind === 'data' ? 2 : 1,
      minlen: 1,
      points: [],
      x: 0,
      y: 0,
    });
  }
  graph.setGraph({
    rankdir: { down: 'TB', up: 'BT', right: 'LR' }[direction],
    nodesep: 24,
    edgesep: 14,
    ranksep: direction === 'right' ? 24 : 28,
    marginx: MARGIN,
    marginy: MARGIN,
    ranker: seen.length > MANY ? 'longest-path' : 'network-simplex',
  });
  layout(graph, { constraints: constraintsOf(nodes) });
  return fit(
    seen.map((one) => ({ ...one, ...cornerOf(graph.node(one.node.id), one.open) })),
    inside.map(({ from, to, kind, label }) => {
      const { points, x, y } = graph.edge(from.id, to.id);
      return {
        kind,
        across: false,
        label,
        from: from.id,
        to: to.id,
        points: points.map(rounded),
        at: rounded({ x, y }),
      };
    }),
  );
}

/** Gradients stand to the left of single operations, so that these don't stand between them and the model. */
function constraintsOf(nodes: readonly GraphNode[]): { left: string; right: string }[] {
  const single = nodes.filter(({ children }) => children.length === 0);
  return nodes
    .filter(({ kind }) => kind === 'gradients')
    .flatMap((gradients) => single.map(({ id }) => ({ left: gradients.id, right: id })));
}

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

/** Dagre gives the middle of a box. An open scope's gets room at its top for the label. */
function cornerOf({ x, y, width, height }: Box, open: boolean): Box {
  const top = open ? 10 : 0;
  return {
    x: Math.round(x - width / 2),
    y: Math.round(y - height / 2 - top),
    width: Math.round(width),
    height: Math.round(height + top),
  };
}

const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 });

/** The area with everything in it. */
function fit(nodes: PlacedNode[], edges: PlacedEdge[]): Area {
  const xs = [...nodes.flatMap(({ x, width }) => [x, x + width]), ...xsOf(edges)];
  const ys = [...nodes.flatMap(({ y, height }) => [y, y + height]), ...ysOf(edges)];
  const area = { width: Math.max(...xs) + MARGIN, height: Math.max(...ys) + MARGIN, nodes, edges };
  return moveBy(MARGIN - Math.min(...xs), MARGIN - Math.min(...ys), area);
}

/** How far edges and their labels reach. */
const xsOf = (edges: readonly PlacedEdge[]) =>
  edges.flatMap(({ points, label, at }) => {
    const half = textWidth(label, EDGE_SIZE) / 2;
    return [...points.map(({ x }) => x), ...(label ? [at.x - half, at.x + half] : [])];
  });
const ysOf = (edges: readonly PlacedEdge[]) => edges.flatMap(({ points }) => points.map(({ y }) => y));

function sizeOf(label: string, detail: string): { width: number; height: number } {
  const width = Math.max(textWidth(label, LABEL_SIZE, true), textWidth(detail, DETAIL_SIZE));
  return { width: Math.max(Math.ceil(width) + 28, 52), height: detail ? 40 : 28 };
}

/** What a closed node says of itself below its name. */
function detailOf(node: GraphNode): string {
  const { label, children, operations } = node;
  if (children.length > 0) return count(operations.length, 'operation');
  const [operation] = operations;
  if (!operation) return '';
  const output = operation.outputs[0];
  if (output && isShapeSeen(node)) return `${output.dtype} ${sizesText(output.shape)}`;
  return label.replace(/_\d+$/, '').toLowerCase() === operation.type.toLowerCase() ? '' : operation.type;
}

/** A number of things: `1 operation`, `2 operations`. */
export const count = (n: number, thing: string) => `${n.toLocaleString('en')} ${thing}${n === 1 ? '' : 's'}`;

/** Widths by character, in units of the font's size, of an ordinary sans-serif font. */
const widths: readonly [characters: RegExp, width: number][] = [
  [/[ijl.,:;'|!]/, 0.29],
  [/[frt()/[\]{} -]/, 0.36],
  [/[mwMW%]/, 0.9],
  [/[A-Z]/, 0.71],
];

/** The width in pixels of a text of a font size in pixels, rather too wide than too narrow. */
export function textWidth(text: string, size: number, bold = false): number {
  let width = 0;
  for (const character of text) width += widths.find(([characters]) => characters.test(character))?.[1] ?? 0.58;
  return width * size * (bold ? 1.06 : 1);
}
