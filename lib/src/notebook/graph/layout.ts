/**
 * Places the visible part of a graph: the model, and next to it its training and auxiliary operations, or a box for
 * each device.
 */
import {
  acrossOf,
  beside,
  type Drawing,
  MARGIN,
  moveBy,
  NOTHING,
  type PlacedEdge,
  type PlacedNode,
  rounded,
} from './drawing';
import { edgeId, edgesOf, type GraphEdge } from './edges';
import type { Direction } from './graphData';
import type { GraphNode, Hierarchy, Part } from './hierarchy';
import { place } from './place';
import { DETAIL_SIZE, LABEL_SIZE, textWidth } from './text';
import { type GraphWords, graphWords } from './words';

/** Pixels. */
const HEADING = 28;
const GAP = 40;
/** The gap between boxes of devices, for edges and their labels. */
const WIRES = 110;

const { training: TRAINING, auxiliary: AUXILIARY } = graphWords.en.parts;

/** The number of nodes per line, for nodes without edges. */
const LINE = 8;

/**
 * Lays out the visible part of a graph.
 *
 * @param expanded the ids of the open scopes; a scope is visible as open only if the enclosing ones are open too
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
  return inWords({ ...area, edges: [...rest.map((edge) => between(edge, placed)), ...area.edges] }, hierarchy.says);
}

/** A drawing with its texts in its language; the layout was made for English. */
function inWords(drawing: Drawing, says: GraphWords): Drawing {
  const [training, auxiliary] = [says.parts.training, says.parts.auxiliary];
  return {
    ...drawing,
    headings: drawing.headings.map((one) => ({ ...one, text: one.text === TRAINING ? training : auxiliary })),
    nodes: drawing.nodes.map((one) => {
      const { children, operations } = one.node;
      return one.open || children.length === 0 ? one : { ...one, detail: says.operations(operations.length) };
    }),
  };
}

/**
 * The model, and next to it its training and, last, the auxiliary part. In a device's box, they are placed one after
 * the other.
 */
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
    // In the layers of the others, unconnected nodes would be in the way of their edges.
    const alone = all.filter((node) => !connected.has(node));
    const others = all.filter((node) => connected.has(node));
    return beside(
      stack(alone, towards, (node) => place([node], edges, expanded, isBoxed ? across : towards)),
      place(others, inside, expanded, towards),
      towards,
    );
  };
  const model = areaOf('model', direction);
  // The auxiliary part has few connections: laid out perpendicular to the others, it forms a column next to them.
  const besides = [
    withHeading(TRAINING, areaOf('training', direction)),
    withHeading(AUXILIARY, areaOf('auxiliary', across)),
  ].reduce((first, second) => beside(first, second, across, MARGIN));
  return beside(model, besides, isBoxed ? across : direction, isBoxed || model.nodes.length === 0 ? 0 : GAP);
}

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

/** The device's box that contains a node, if any. */
function boxOf(node: GraphNode): GraphNode | undefined {
  return node.kind === 'device' ? node : node.parent && boxOf(node.parent);
}

/** The outermost node that contains a node, apart from a device's box. */
function topOf(node: GraphNode): GraphNode {
  return node.parent?.parent && node.parent.kind !== 'device' ? topOf(node.parent) : node;
}

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

/**
 * An edge between areas: it leaves a node on the side of the other one, and arrives on the side where it comes from.
 */
function between({ from, to, kind, label }: GraphEdge, placed: ReadonlyMap<string, PlacedNode>): PlacedEdge {
  const [a, b] = [placed.get(from.id)!, placed.get(to.id)!];
  const middle = ({ x, y, width, height }: PlacedNode) => ({ x: x + width / 2, y: y + height / 2 });
  const [start, end] = [middle(a), middle(b)];
  const isSideways = a.x + a.width <= b.x || b.x + b.width <= a.x;
  const [axis, size] = isSideways ? (['x', 'width'] as const) : (['y', 'height'] as const);
  const sign = Math.sign(end[axis] - start[axis]) || 1;
  start[axis] += (sign * a[size]) / 2;
  end[axis] -= (sign * b[size]) / 2;
  // Points near the ends make the curve perpendicular to the borders.
  const bend = Math.min(60, Math.max(Math.abs(end[axis] - start[axis]), 20) / 2) * sign;
  const points = [start, { ...start, [axis]: start[axis] + bend }, { ...end, [axis]: end[axis] - bend }, end].map(
    rounded,
  );
  // Near its start, the label is away from those of other edges that cross there.
  const at = rounded({
    x: mix(start.x, end.x, isSideways ? 0.3 : 0.5),
    y: mix(start.y, end.y, isSideways ? 0.12 : 0.5),
  });
  return { kind, across: from.part !== to.part, label, from: from.id, to: to.id, points, at };
}

const mix = (from: number, to: number, share: number) => from + (to - from) * share;
