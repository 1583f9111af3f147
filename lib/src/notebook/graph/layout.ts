/** Places what is seen of a graph on a plane. The layout is dagre's: layers in the direction in which tensors flow. */
import { graphlib, layout } from '@dagrejs/dagre';
import { type EdgeKind, edgeId, edgesOf, type GraphEdge, isShapeSeen } from './edges';
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
  /** Whether it leads from one part of the graph to another: there are many such edges, and they are drawn when somebody asks. */
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
  /** What is written above the parts other than the model: `x` and `y` are the left upper corner. */
  readonly headings: readonly (Point & { readonly text: string })[];
}

/** Sizes of what is drawn, in pixels. */
export const LABEL_SIZE = 13;
export const DETAIL_SIZE = 11;
export const EDGE_SIZE = 11;
const MARGIN = 12;
const HEADING = 28;
const GAP = 40;
/** Between the boxes of devices, for what crosses from one to another and says what it is. */
const WIRES = 110;

/** Nodes in a line, of those that have no edges. */
const LINE = 8;

/** More than this many nodes are laid out faster and less carefully. */
const MANY = 300;

/**
 * Lays out what is seen of a graph while some scopes are open.
 *
 * @param expanded the ids of the open scopes; a scope is seen open when those around it are open, too
 */
export function layoutOf(hierarchy: Hierarchy, expanded: ReadonlySet<string>, direction: Direction = 'down'): Drawing {
  const edges = edgesOf(hierarchy, expanded);
  const { children } = hierarchy.root;
  const isBox = (node: GraphNode) => node.kind === 'device' && expanded.has(node.id);
  const boxes = children.filter(isBox);
  const loose = partsInLine(
    children.filter((node) => !isBox(node)),
    edges,
    expanded,
    direction,
  );
  const area = boxes
    .map((box) => boxed(box, partsInLine(box.children, edges, expanded, direction, true)))
    .reduce((before, box) => beside(before, box, direction, WIRES), loose);
  const placed = new Map(area.nodes.map((one) => [one.node.id, one]));
  const drawn = new Set(area.edges.map(({ from, to }) => edgeId(from, to)));
  const rest = edges.filter(({ from, to }) => !drawn.has(edgeId(from.id, to.id)));
  return { ...area, edges: [...rest.map((edge) => between(edge, placed)), ...area.edges] };
}

/** The model, and beside it what trains it and, at its end, the auxiliary part. In a box one stands after the other. */
function partsInLine(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  expanded: ReadonlySet<string>,
  direction: Direction,
  isBoxed = false,
): Drawing {
  const inside = edges.filter(({ from, to }) => from.part === to.part && boxOf(from) === boxOf(to));
  const connected = new Set(
    inside.map(({ from, to }) => [topOf(from), topOf(to)]).flatMap(([a, b]) => (a === b ? [] : [a, b])),
  );
  const across = acrossOf(direction);
  const areaOf = (part: Part, towards: Direction) => {
    const all = nodes.filter((node) => node.part === part);
    // In the layers of the others, what is connected with nothing would stand in the way of their edges.
    const alone = all.filter((node) => !connected.has(node));
    const others = all.filter((node) => connected.has(node));
    return beside(
      stack(alone, towards, (node) => place([node], edges, expanded, isBoxed ? across : towards)),
      place(others, inside, expanded, towards),
      towards,
    );
  };
  const model = areaOf('model', direction);
  // Of what is auxiliary little is connected: laid out across the direction of the others it becomes a column beside them.
  const besides = [
    withHeading('Training', areaOf('training', direction)),
    withHeading('Auxiliary', areaOf('auxiliary', across)),
  ].reduce((first, second) => beside(first, second, across, MARGIN));
  return beside(model, besides, isBoxed ? across : direction, isBoxed || model.nodes.length === 0 ? 0 : GAP);
}

/** The direction across another one. */
const acrossOf = (direction: Direction) => (direction === 'right' ? 'down' : 'right');

/** Nodes without edges to others, in lines along the direction. */
function stack(nodes: readonly GraphNode[], direction: Direction, draw: (node: GraphNode) => Drawing): Drawing {
  const lines: Drawing[] = [];
  for (let start = 0; start < nodes.length; start += LINE)
    lines.push(
      nodes
        .slice(start, start + LINE)
        .map(draw)
        .reduce((first, second) => beside(first, second, acrossOf(direction))),
    );
  return lines.reduce((first, second) => beside(first, second, direction), NOTHING);
}

/** The box of the device that a node stands in, if any. */
function boxOf(node: GraphNode): GraphNode | undefined {
  return node.kind === 'device' ? node : node.parent && boxOf(node.parent);
}

/** The node in no scope, or in that of a device alone, that a node is or lies in. */
function topOf(node: GraphNode): GraphNode {
  return node.parent?.parent && node.parent.kind !== 'device' ? topOf(node.parent) : node;
}

const NOTHING: Drawing = { width: 0, height: 0, nodes: [], edges: [], headings: [] };

function withHeading(text: string, area: Drawing): Drawing {
  if (area.nodes.length === 0) return NOTHING;
  const width = Math.max(area.width, Math.ceil(textWidth(text, DETAIL_SIZE)) + 2 * MARGIN);
  return { ...moveBy(0, HEADING, area), width, headings: [{ text, x: MARGIN, y: MARGIN + DETAIL_SIZE }] };
}

/** An area in the box of its device. */
function boxed(node: GraphNode, area: Drawing): Drawing {
  const width = Math.max(area.width, Math.ceil(textWidth(node.label, LABEL_SIZE, true)) + 40);
  const moved = moveBy(MARGIN, MARGIN + HEADING - 8, area);
  const height = area.height + HEADING - 8;
  const box = { node, x: MARGIN, y: MARGIN, width, height, open: true, detail: '' };
  return { ...moved, width: width + 2 * MARGIN, height: height + 2 * MARGIN, nodes: [box, ...moved.nodes] };
}

/** An edge that isn't one of a layout: it leaves a node on the side where the other is, and arrives on the side where it comes from. */
function between({ from, to, kind, label }: GraphEdge, placed: ReadonlyMap<string, PlacedNode>): PlacedEdge {
  const [a, b] = [placed.get(from.id)!, placed.get(to.id)!];
  const middle = ({ x, y, width, height }: PlacedNode) => ({ x: x + width / 2, y: y + height / 2 });
  const [start, end] = [middle(a), middle(b)];
  const isSideways = a.x + a.width <= b.x || b.x + b.width <= a.x;
  const [axis, size] = isSideways ? (['x', 'width'] as const) : (['y', 'height'] as const);
  const sign = Math.sign(end[axis] - start[axis]) || 1;
  start[axis] += (sign * a[size]) / 2;
  end[axis] -= (sign * b[size]) / 2;
  // Points near the ends make the curve leave and arrive at a right angle.
  const bend = Math.min(60, Math.max(Math.abs(end[axis] - start[axis]), 20) / 2) * sign;
  const points = [start, { ...start, [axis]: start[axis] + bend }, { ...end, [axis]: end[axis] - bend }, end].map(
    rounded,
  );
  // Near its start the label stands apart from those of others that cross there.
  const at = rounded({
    x: mix(start.x, end.x, isSideways ? 0.3 : 0.5),
    y: mix(start.y, end.y, isSideways ? 0.12 : 0.5),
  });
  return { kind, across: from.part !== to.part, label, from: from.id, to: to.id, points, at };
}

const mix = (from: number, to: number, share: number) => from + (to - from) * share;

/** Two areas, the second across the direction from the first. */
function beside(first: Drawing, second: Drawing, direction: Direction, gap = 0): Drawing {
  if (first.nodes.length === 0) return second;
  if (second.nodes.length === 0) return first;
  const moved = direction === 'right' ? moveBy(0, first.height + gap, second) : moveBy(first.width + gap, 0, second);
  return {
    width: Math.max(first.width, moved.width),
    height: Math.max(first.height, moved.height),
    nodes: [...first.nodes, ...moved.nodes],
    edges: [...first.edges, ...moved.edges],
    headings: [...first.headings, ...moved.headings],
  };
}

function moveBy(dx: number, dy: number, area: Drawing): Drawing {
  const move = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy });
  return {
    width: area.width + dx,
    height: area.height + dy,
    nodes: area.nodes.map(move),
    edges: area.edges.map((edge) => ({ ...edge, points: edge.points.map(move), at: move(edge.at) })),
    headings: area.headings.map(move),
  };
}

/** Lays out some nodes with what is seen in them and the edges between them. */
function place(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  expanded: ReadonlySet<string>,
  direction: Direction,
): Drawing {
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
  // Dagre puts what comes last to the left, and what comes first to the top.
  for (const { node, width, height } of direction === 'right' ? seen : [...seen].reverse())
    graph.setNode(node.id, { width, height, x: 0, y: 0 });
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
function fit(nodes: PlacedNode[], edges: PlacedEdge[]): Drawing {
  const xs = [...nodes.flatMap(({ x, width }) => [x, x + width]), ...xsOf(edges)];
  const ys = [...nodes.flatMap(({ y, height }) => [y, y + height]), ...ysOf(edges)];
  const area = { width: Math.max(...xs) + MARGIN, height: Math.max(...ys) + MARGIN, nodes, edges, headings: [] };
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
