/** Places what is seen of a graph on a plane: the model, and beside it what trains it and what the program needs besides, or a box for each device. */
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
/** Between the boxes of devices, for what crosses from one to another and says what it is. */
const WIRES = 110;

const { training: TRAINING, auxiliary: AUXILIARY } = graphWords.en.parts;

/** Nodes in a line, of those that have no edges. */
const LINE = 8;

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
  return inWords({ ...area, edges: [...rest.map((edge) => between(edge, placed)), ...area.edges] }, hierarchy.says);
}

/** A drawing in the words of its language, for which English has left room. */
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

/** The box of the device that a node stands in, if any. */
function boxOf(node: GraphNode): GraphNode | undefined {
  return node.kind === 'device' ? node : node.parent && boxOf(node.parent);
}

/** The node in no scope, or in that of a device alone, that a node is or lies in. */
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
