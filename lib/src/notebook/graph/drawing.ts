/** The drawing of a graph: placed nodes and edges, in areas that can be combined. */
import type { EdgeKind } from './edges';
import type { Direction } from './graphData';
import type { GraphNode } from './hierarchy';
import { EDGE_SIZE, textWidth } from './text';

/** A placed node; `x` and `y` are its top left corner. */
export interface PlacedNode {
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether it is an open scope, whose children are visible. */
  readonly open: boolean;
  /** A second, smaller line. */
  readonly detail: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly kind: EdgeKind;
  /** Whether it connects different parts of the graph: there are many such edges, and they are drawn only on demand. */
  readonly across: boolean;
  readonly label: string;
  readonly from: string;
  readonly to: string;
  /** Its course, from border to border. */
  readonly points: readonly Point[];
  /** The centre of its label. */
  readonly at: Point;
}

/** The visible part of a graph, placed. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Open scopes come before their contents. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  /** The headings above the parts other than the model: `x` and `y` are the top left corner. */
  readonly headings: readonly (Point & { readonly text: string })[];
}

/** The margin around everything, in pixels. */
export const MARGIN = 12;

export const NOTHING: Drawing = { width: 0, height: 0, nodes: [], edges: [], headings: [] };

export const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 });

/** The direction perpendicular to another one. */
export const acrossOf = (direction: Direction) => (direction === 'right' ? 'down' : 'right');

/** Combines two areas, the second perpendicular to the direction of the first. */
export function beside(first: Drawing, second: Drawing, direction: Direction, gap = 0): Drawing {
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

export function moveBy(dx: number, dy: number, area: Drawing): Drawing {
  const move = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy });
  return {
    width: area.width + dx,
    height: area.height + dy,
    nodes: area.nodes.map(move),
    edges: area.edges.map((edge) => ({ ...edge, points: edge.points.map(move), at: move(edge.at) })),
    headings: area.headings.map(move),
  };
}

/** The smallest area that contains everything. */
export function fit(nodes: PlacedNode[], edges: PlacedEdge[], points: readonly Partial<Point>[] = []): Drawing {
  const xs = [
    ...nodes.flatMap(({ x, width }) => [x, x + width]),
    ...xsOf(edges),
    ...points.flatMap(({ x }) => x ?? []),
  ];
  const ys = [
    ...nodes.flatMap(({ y, height }) => [y, y + height]),
    ...ysOf(edges),
    ...points.flatMap(({ y }) => y ?? []),
  ];
  const area = { width: Math.max(...xs) + MARGIN, height: Math.max(...ys) + MARGIN, nodes, edges, headings: [] };
  return moveBy(MARGIN - Math.min(...xs), MARGIN - Math.min(...ys), area);
}

/** The horizontal extent of edges and their labels. */
const xsOf = (edges: readonly PlacedEdge[]) =>
  edges.flatMap(({ points, label, at }) => {
    const half = textWidth(label, EDGE_SIZE) / 2;
    return [...points.map(({ x }) => x), ...(label ? [at.x - half, at.x + half] : [])];
  });
const ysOf = (edges: readonly PlacedEdge[]) => edges.flatMap(({ points }) => points.map(({ y }) => y));
