/** Draws a placed graph as self-contained SVG, because it is also used as a picture. */
import { escapeHtml } from '../../runtime/html';
import type { Drawing, PlacedEdge, PlacedNode, Point } from './drawing';
import { edgeId } from './edges';
import type { GraphNode } from './hierarchy';
import type { Lit } from './path';
import { deviceClass, style } from './style';

/** The interactive state of a drawing in a page. */
export interface LiveOptions {
  /** The id of the node whose details are shown. */
  readonly selected: string;
  /** The id of the node that the Tab key focuses. */
  readonly tabStop: string;
  /** What is highlighted, while the rest fades. */
  readonly lit?: Lit | undefined;
}

/**
 * The SVG of a drawing. Its colours show the kind of a node or, in drawings with devices, its device. Without options,
 * it is a self-contained picture. With those of a page, it relies on the page's style sheet, and nodes are accessible
 * by keyboard: elements have roles, labels and `data-id`.
 */
export function svgOf(drawing: Drawing, live?: LiveOptions): string {
  const { width, height, nodes, edges, headings } = drawing;
  const open = nodes.filter((node) => node.open);
  const closed = nodes.filter((node) => !node.open);
  const drawn = edges.filter(({ across }) => live || !across);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" class="tfg">`,
    live
      ? ''
      : `<style>svg{color-scheme:light dark}${style}</style><rect width="${width}" height="${height}" class="paper"/>`,
    `<g${live?.lit ? ' class="some"' : ''}>`,
    ...open.map((node) => nodeSvg(node, live)),
    ...headings.map(({ text, x, y }) => textSvg('heading', x, y, text)),
    ...drawn.map((edge) => edgeSvg(edge, live)),
    ...closed.map((node) => nodeSvg(node, live)),
    ...drawn.map((edge) => edgeLabelSvg(edge, live)),
    '</g></svg>',
  ].join('');
}

/** The overview map of a large drawing: its nodes as spots. */
export function overviewSvg({ width, height, nodes }: Drawing): string {
  const spots = nodes.map((placed) => {
    const { x, y, width, height, open } = placed;
    return `<g class="${classOf(placed.node)}${open ? ' open' : ''}"><rect x="${x}" y="${y}" width="${width}" height="${height}"/></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" class="tfg" aria-hidden="true">${spots.join('')}</svg>`;
}

/** The class of a node: its kind or, in a device's box, the device. */
function classOf(node: GraphNode): string {
  if (node.kind === 'device') return `device ${deviceClass(node.parent!.children.indexOf(node))}`;
  for (let scope = node.parent; scope; scope = scope.parent)
    if (scope.kind === 'device') return deviceClass(scope.parent!.children.indexOf(scope));
  return node.kind;
}

function nodeSvg(placed: PlacedNode, live: LiveOptions | undefined): string {
  const { node, x, y, width, height, open, detail } = placed;
  const isScope = node.children.length > 0;
  const middle = x + width / 2;
  const radius = isScope ? 6 : node.kind === 'operation' ? height / 2 : 3;
  const rect = (offset: number) =>
    `<rect x="${x + offset}" y="${y + offset}" width="${width}" height="${height}" rx="${radius}"/>`;
  const classes = [
    'node',
    classOf(node),
    open ? 'open' : '',
    node.id === live?.selected ? 'selected' : '',
    live?.lit?.nodes.has(node.id) ? 'lit' : '',
  ].filter(Boolean);
  const attributes = live
    ? ` data-id="${escapeHtml(node.id)}" tabindex="${node.id === live.tabStop ? 0 : -1}" role="button" aria-label="${escapeHtml(
        ariaLabel(placed),
      )}"${isScope ? ` aria-expanded="${open}"` : ''}`
    : '';
  return [
    `<g class="${classes.join(' ')}"${attributes}>`,
    // A second border shows that a closed scope has contents.
    isScope && !open ? rect(3) : '',
    rect(0),
    open
      ? textSvg('', x + 8, y + 15, `− ${node.label}`)
      : textSvg('', middle, y + (detail ? 17 : height / 2 + 4.5), node.label),
    detail ? textSvg('second', middle, y + 32, detail) : '',
    '</g>',
  ].join('');
}

const ariaLabel = ({ node, detail }: PlacedNode) =>
  [node.children.length > 0 ? `${nouns[node.kind] ?? 'scope'} ${node.label}` : node.label, detail]
    .filter(Boolean)
    .join(', ');

const nouns: Partial<Record<GraphNode['kind'], string>> = { device: 'device', loop: 'loop', layer: 'layer' };

const textSvg = (className: string, x: number, y: number, value: string) =>
  `<text${className ? ` class="${className}"` : ''} x="${x}" y="${y}">${escapeHtml(value)}</text>`;

/** The attributes of an edge's elements. */
function edgeAttributes({ kind, across, from, to }: PlacedEdge, live: LiveOptions | undefined): string {
  const isLit = live?.lit?.edges.has(edgeId(from, to));
  const ends = live ? ` data-from="${escapeHtml(from)}" data-to="${escapeHtml(to)}"` : '';
  return `class="edge ${kind}${across ? ' across' : ''}${isLit ? ' lit' : ''}"${ends}`;
}

function edgeSvg(edge: PlacedEdge, live: LiveOptions | undefined): string {
  const { points } = edge;
  return `<g ${edgeAttributes(edge, live)}><path class="line" d="${curve(points)}"/><path class="tip" d="${arrowHead(points)}"/></g>`;
}

function edgeLabelSvg(edge: PlacedEdge, live: LiveOptions | undefined): string {
  const { label, at, across } = edge;
  if (!label || across) return '';
  return `<g ${edgeAttributes(edge, live)}>${textSvg('tensor', at.x, at.y + 3.5, label)}</g>`;
}

/** A smooth curve from the first to the last point, close to the others: a cubic B-spline. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const last = points[points.length - 1]!;
  let path = `M${first.x} ${first.y}`;
  const at = (i: number) => points[Math.min(i, points.length - 1)]!;
  for (let i = 0; i < rest.length; i++) {
    const [a, b, c] = [at(i), at(i + 1), at(i + 2)];
    const one = mix(a, b, 1 / 3);
    const two = mix(a, b, 2 / 3);
    const end = b === c ? last : mix(two, mix(b, c, 1 / 3), 1 / 2);
    path += `C${one.x} ${one.y} ${two.x} ${two.y} ${end.x} ${end.y}`;
  }
  return path;
}

function mix(a: Point, b: Point, share: number): Point {
  const between = (from: number, to: number) => Math.round((from + (to - from) * share) * 10) / 10;
  return { x: between(a.x, b.x), y: between(a.y, b.y) };
}

function arrowHead(points: readonly Point[]): string {
  const tip = points[points.length - 1];
  const before = points[points.length - 2];
  if (!tip || !before) return '';
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const corner = (side: number) =>
    `${(tip.x - 7 * dx - side * 3.2 * dy).toFixed(1)} ${(tip.y - 7 * dy + side * 3.2 * dx).toFixed(1)}`;
  return `M${tip.x} ${tip.y}L${corner(1)}L${corner(-1)}Z`;
}
