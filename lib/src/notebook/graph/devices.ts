/** The devices of a graph in a drawing that shows by colours where operations run. */
import type { ColorBy, Direction } from './graphData';
import type { GraphNode, Hierarchy } from './hierarchy';
import { DETAIL_SIZE, type Drawing, layoutOf } from './layout';

export interface Colors {
  readonly fill: string;
  readonly stroke: string;
}

/** The colours of each device, by its name; `''` is that of operations that say none. */
export type DeviceColors = ReadonlyMap<string, Colors>;

/** A drawing with the colours of devices, and room at its end for what they mean. */
export interface DeviceDrawing extends Drawing {
  readonly devices: DeviceColors;
}

const palette: readonly Colors[] = [
  { fill: '#dbe8fb', stroke: '#3f78cc' },
  { fill: '#fde5cf', stroke: '#d97b24' },
  { fill: '#d9f0df', stroke: '#3b8f5a' },
  { fill: '#f8d9df', stroke: '#c5475d' },
  { fill: '#e9def5', stroke: '#8459b3' },
  { fill: '#fbf0bd', stroke: '#b38f12' },
  { fill: '#d3eff0', stroke: '#2b8f96' },
  { fill: '#f6dcef', stroke: '#b9549c' },
];
/** Of devices beyond those that have a colour of their own, as of a cluster with many tasks. */
const OTHER: Colors = { fill: '#e3e6ea', stroke: '#7a8594' };
const NONE: Colors = { fill: '#ffffff', stroke: '#9aa4b1' };

/** Pixels. */
const LINE = 18;
const SQUARE = 12;
const ABOVE = 10;
/** About what a character of the legend takes. */
const CHARACTER = DETAIL_SIZE * 0.6;

/** The colours of all devices that a graph's nodes show: the names in their order, so that a job's tasks stand together. */
export function deviceColorsOf({ root }: Hierarchy): DeviceColors {
  const names = devicesOf(root)
    .map(({ device }) => device)
    .sort();
  const named = names.filter(Boolean).map((name, i) => [name, palette[i] ?? OTHER] as const);
  return new Map<string, Colors>(names.includes('') ? [...named, ['', NONE]] : named);
}

/**
 * The devices of what a node stands for, those with most operations first. What is drawn with an operation, such as a variable's initial
 * value, doesn't count: the node is where its operation is.
 */
export function devicesOf(node: GraphNode): { readonly device: string; readonly share: number }[] {
  const counts = new Map<string, number>();
  let all = 0;
  const visit = ({ children, operations: [operation] }: GraphNode) => {
    if (children.length > 0) {
      children.forEach(visit);
    } else if (operation) {
      counts.set(operation.device, (counts.get(operation.device) ?? 0) + 1);
      all++;
    }
  };
  visit(node);
  return [...counts].sort(([, a], [, b]) => b - a).map(([device, count]) => ({ device, share: count / all }));
}

/** A graph as it is drawn with some of its scopes open. */
export function drawingOf(
  hierarchy: Hierarchy,
  expanded: ReadonlySet<string>,
  { direction, colorBy }: { readonly direction: Direction; readonly colorBy: ColorBy },
): Drawing {
  const drawing = layoutOf(hierarchy, expanded, direction);
  return colorBy === 'device' ? withDevices(drawing, deviceColorsOf(hierarchy)) : drawing;
}

/** A drawing whose nodes have the colours of their devices, with a legend at its end. */
export function withDevices(drawing: Drawing, devices: DeviceColors): DeviceDrawing {
  const longest = Math.max(...[...devices.keys()].map((device) => deviceLabel(device).length));
  return {
    ...drawing,
    devices,
    width: Math.max(drawing.width, Math.ceil(SQUARE + 30 + longest * CHARACTER)),
    height: drawing.height + ABOVE + LINE * devices.size,
  };
}

/** A device's name for people. */
export function deviceLabel(device: string): string {
  return device || 'no device';
}

/** The lines of the legend: where their squares are. */
export function legendOf({ height, devices }: DeviceDrawing) {
  const top = height - LINE * devices.size;
  return [...devices].map(([device, colors], i) => ({
    ...colors,
    label: deviceLabel(device),
    x: 12,
    y: top + LINE * i,
    size: SQUARE,
  }));
}
