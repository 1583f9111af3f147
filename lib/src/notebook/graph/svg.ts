/** Draws a placed graph as SVG. It is complete in itself, for it is also shown as a picture. */
import { escapeHtml } from '../../runtime/html';
import { type Colors, type DeviceColors, type DeviceDrawing, devicesOf, legendOf } from './devices';
import type { EdgeKind } from './edges';
import type { NodeKind } from './hierarchy';
import {
  DETAIL_SIZE,
  type Drawing,
  EDGE_SIZE,
  LABEL_SIZE,
  type PlacedEdge,
  type PlacedNode,
  type Point,
} from './layout';

/** By what a node is. */
const nodeColors: Readonly<Record<NodeKind, Colors>> = {
  layer: { fill: '#e3edfb', stroke: '#5b8dd6' },
  scope: { fill: '#eceff3', stroke: '#8b97a8' },
  gradients: { fill: '#fdebdd', stroke: '#e08a3c' },
  optimizer: { fill: '#fbe3e6', stroke: '#d0596c' },
  variable: { fill: '#fff4cc', stroke: '#c9a227' },
  placeholder: { fill: '#e0f3e6', stroke: '#4a9d68' },
  constant: { fill: '#ffffff', stroke: '#b4bcc8' },
  summary: { fill: '#f0e8f8', stroke: '#9270b8' },
  operation: { fill: '#ffffff', stroke: '#6d7a8c' },
};

const lines: Readonly<Record<EdgeKind, { stroke: string; width: number; dash: string }>> = {
  data: { stroke: '#566171', width: 1.4, dash: '' },
  control: { stroke: '#7c8796', width: 1.1, dash: '5 4' },
};

/** Pixels that the line of several devices is high. */
const BAND = 4;

/** Edges between parts of the graph are faint. */
const FAINT = '#e3cdbb';

const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';

/** What a drawing may be told. */
export interface SvgOptions {
  /** Nodes can be reached and pressed by keyboard: their elements have roles, labels and `data-id`. */
  interactive?: boolean;
  /** The id of a node to stress. */
  selected?: string;
}

/** The SVG of a drawing. Its colours say what a node is, or where it runs in a drawing with devices. */
export function svgOf(drawing: Drawing | DeviceDrawing, options: SvgOptions = {}): string {
  const { width, height, nodes, edges, parts } = drawing;
  const devices = 'devices' in drawing ? drawing.devices : undefined;
  const open = nodes.filter((node) => node.open);
  const closed = nodes.filter((node) => !node.open);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">`,
    options.interactive ? '' : `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts.map((part) => headingSvg(part)),
    ...open.map((node) => nodeSvg(node, options, devices)),
    ...edges.map(edgeSvg),
    ...closed.map((node) => nodeSvg(node, options, devices)),
    ...edges.map(edgeLabelSvg),
    ...('devices' in drawing ? legendSvg(drawing) : []),
    '</svg>',
  ].join('');
}

function headingSvg({ part, x, y }: Drawing['parts'][number]): string {
  const label = part === 'training' ? 'Training' : 'Auxiliary';
  return text(x + 12, y + 24, label, DETAIL_SIZE, '#5d6877', 'start');
}

function legendSvg(drawing: DeviceDrawing): string[] {
  return legendOf(drawing).map(
    ({ label, x, y, size, fill, stroke }) =>
      `<rect x="${x}" y="${y}" width="${size}" height="${size}" rx="2" fill="${fill}" stroke="${stroke}"/>` +
      text(x + size + 8, y + size - 2, label, DETAIL_SIZE, '#3c4653', 'start'),
  );
}

type Shares = ReturnType<typeof devicesOf>;

/** What a node has at its end when it runs on several devices: a line in their colours. */
function bandSvg({ x, y, width, height }: PlacedNode, shares: Shares, devices: DeviceColors): string {
  let from = x + BAND;
  return shares
    .map(({ device, share }) => {
      const length = Math.round(share * (width - 2 * BAND) * 10) / 10;
      const part = `<rect x="${from.toFixed(1)}" y="${y + height - BAND - 1}" width="${length}" height="${BAND}" fill="${devices.get(device)!.stroke}"/>`;
      from += length;
      return part;
    })
    .join('');
}

function colorsOf({ node, open }: PlacedNode, shares: Shares, devices: DeviceColors | undefined): Colors {
  if (devices === undefined) return nodeColors[node.kind];
  if (open) return nodeColors.scope;
  return devices.get(shares[0]?.device ?? '') ?? nodeColors.scope;
}

function nodeSvg(placed: PlacedNode, { interactive, selected }: SvgOptions, devices?: DeviceColors): string {
  const { node, x, y, width, height, open, detail } = placed;
  const shares = devices && !open ? devicesOf(node) : [];
  const { fill, stroke } = colorsOf(placed, shares, devices);
  const isScope = node.children.length > 0;
  const middle = x + width / 2;
  const radius = isScope ? 6 : node.kind === 'operation' ? height / 2 : 3;
  const strokeWidth = node.id === selected ? 2.5 : 1.2;
  const box = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"${
    open ? ' fill-opacity="0.55"' : ''
  } stroke="${stroke}" stroke-width="${strokeWidth}"/>`;
  // A second border shows that there is more behind a closed scope.
  const behind =
    isScope && !open
      ? `<rect x="${x + 3}" y="${y + 3}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="0.8"/>`
      : '';
  const label = open
    ? text(x + 8, y + 15, `− ${node.label}`, LABEL_SIZE - 1, '#3c4653', 'start', true)
    : text(middle, y + (detail ? 17 : height / 2 + 4.5), node.label, LABEL_SIZE, '#1f2733', 'middle', true);
  const second = detail ? text(middle, y + 32, detail, DETAIL_SIZE, '#5d6877', 'middle') : '';
  const attributes = interactive
    ? ` data-id="${escapeHtml(node.id)}" tabindex="0" role="button" aria-label="${escapeHtml(ariaLabel(placed))}"${
        isScope ? ` aria-expanded="${open}"` : ''
      } style="cursor:pointer"`
    : '';
  const band = devices && isScope && shares.length > 1 ? bandSvg(placed, shares, devices) : '';
  return `<g${attributes}>${behind}${box}${band}${label}${second}</g>`;
}

const ariaLabel = ({ node, detail }: PlacedNode) =>
  [node.children.length > 0 ? `scope ${node.label}` : node.label, detail].filter(Boolean).join(', ');

function text(x: number, y: number, value: string, size: number, fill: string, anchor: string, bold = false): string {
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" text-anchor="${anchor}"${
    bold ? ' font-weight="600"' : ''
  }>${escapeHtml(value)}</text>`;
}

function edgeSvg({ kind, across, points }: PlacedEdge): string {
  const { width, dash } = lines[kind];
  const stroke = across ? FAINT : lines[kind].stroke;
  return (
    `<path d="${curve(points)}" fill="none" stroke="${stroke}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>` +
    `<path d="${arrowHead(points)}" fill="${stroke}"/>`
  );
}

function edgeLabelSvg({ across, label, at }: PlacedEdge): string {
  if (!label || across) return '';
  // A white border keeps the text readable where it crosses a line.
  return `<text x="${at.x}" y="${at.y + 3.5}" font-size="${EDGE_SIZE}" fill="#46505e" text-anchor="middle" stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${escapeHtml(label)}</text>`;
}

/** A smooth line from the first point to the last, near the others: a cubic B-spline. */
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
