/** The style sheet of drawings, for light and dark pages; it applies to the elements of `svg.ts`. */
import type { NodeKind } from './hierarchy';
import { DETAIL_SIZE, EDGE_SIZE, LABEL_SIZE } from './text';

/** A colour on a light page, and on a dark one. */
export type Colour = readonly [light: string, dark: string];

/** The background of and between nodes. */
export const paper: Colour = ['#ffffff', '#111418'];
export const ink: Colour = ['#1f2733', '#e8ebf0'];
export const faintInk: Colour = ['#535e6d', '#a9b3c1'];
export const line: Colour = ['#566171', '#98a3b3'];
const faintLine: Colour = ['#c08a5c', '#b98d68'];
const stress: Colour = ['#0b57d0', '#8ab4f8'];

/** The fill and border of nodes, by kind. */
export const nodeColours: Readonly<Record<NodeKind, readonly [fill: Colour, stroke: Colour]>> = {
  device: [
    ['#f6f7f9', '#191d23'],
    ['#8b97a8', '#6b7686'],
  ],
  layer: [
    ['#e3edfb', '#1b2f4d'],
    ['#5b8dd6', '#5b8dd6'],
  ],
  loop: [
    ['#d3eff0', '#123a3d'],
    ['#2b8f96', '#3fa9b0'],
  ],
  scope: [
    ['#eceff3', '#272d36'],
    ['#8b97a8', '#7b8798'],
  ],
  gradients: [
    ['#fdebdd', '#47290f'],
    ['#e08a3c', '#d98637'],
  ],
  optimizer: [
    ['#fbe3e6', '#4a1d25'],
    ['#d0596c', '#d0596c'],
  ],
  variable: [
    ['#fff4cc', '#40360c'],
    ['#c9a227', '#bf9a24'],
  ],
  placeholder: [
    ['#e0f3e6', '#163b25'],
    ['#4a9d68', '#4a9d68'],
  ],
  constant: [
    ['#ffffff', '#1b1f25'],
    ['#b4bcc8', '#5d6776'],
  ],
  summary: [
    ['#f0e8f8', '#33244a'],
    ['#9270b8', '#9f7fc4'],
  ],
  operation: [
    ['#ffffff', '#1b1f25'],
    ['#6d7a8c', '#8995a6'],
  ],
};

/** The colours of devices, ordered by name; the last one is for all further devices. */
const deviceColours: readonly (readonly [fill: Colour, stroke: Colour])[] = [
  nodeColours.layer,
  nodeColours.gradients,
  nodeColours.placeholder,
  nodeColours.optimizer,
  nodeColours.summary,
  nodeColours.variable,
  nodeColours.loop,
  nodeColours.scope,
];

/** The class of a device's nodes; `at` is the device's index by name. */
export const deviceClass = (at: number) => `device-${Math.min(at, deviceColours.length - 1)}`;

/** A colour that depends on the page's scheme; the light one where `light-dark` isn't supported. */
const by = (property: string, [light, dark]: Colour) =>
  `${property}:${light};${property}:light-dark(${light},${dark});`;

const boxRule = (name: string, [fill, stroke]: readonly [Colour, Colour]) =>
  `.tfg .${name} rect{${by('fill', fill)}${by('stroke', stroke)}}`;

/** The style sheet. All elements are inside one of the class `tfg`. */
export const style = [
  `.tfg{font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}`,
  `.tfg text{${by('fill', ink)}font-size:${LABEL_SIZE}px;font-weight:600;text-anchor:middle}`,
  `.tfg .second,.tfg .tensor{${by('fill', faintInk)}font-size:${DETAIL_SIZE}px;font-weight:400}`,
  `.tfg .heading{${by('fill', faintInk)}text-anchor:start;font-size:${LABEL_SIZE - 1}px}`,
  `.tfg .paper{${by('fill', paper)}}`,
  `.tfg .node rect{stroke-width:1.2}`,
  `.tfg .open>rect{fill-opacity:.55}`,
  `.tfg .open>text{text-anchor:start;font-size:${LABEL_SIZE - 1}px}`,
  ...Object.entries(nodeColours).map(([kind, colours]) => boxRule(kind, colours)),
  ...deviceColours.map((colours, at) => boxRule(`device-${at}`, colours)),
  `.tfg .device.open>rect{fill-opacity:.3;stroke-width:1.6;stroke-dasharray:none}`,
  `.tfg .edge path{fill:none;${by('stroke', line)}stroke-width:1.4}`,
  `.tfg .edge .tip{stroke:none;${by('fill', line)}}`,
  `.tfg .control .line{stroke-width:1.1;stroke-dasharray:5 4}`,
  // An outline keeps a text readable where it crosses a line.
  `.tfg .tensor{font-size:${EDGE_SIZE}px;${by('stroke', paper)}stroke-width:3px;stroke-linejoin:round;paint-order:stroke}`,
].join('');

/** Additional styles for interactive pages. */
export const liveStyle = [
  `.tfg .node{cursor:pointer;outline:none}`,
  `.tfg .node:focus-visible>rect:last-of-type{${by('stroke', stress)}stroke-width:3}`,
  `.tfg .selected>rect{${by('stroke', stress)}stroke-width:2.5}`,
  `.tfg .across{display:none}`,
  `.tfg .across path{${by('stroke', faintLine)}}`,
  `.tfg .across .tip{stroke:none;${by('fill', faintLine)}}`,
  `.tfg .across.on{display:inline}`,
  `.tfg .edge.on .line{stroke-width:2.4}`,
  `.tfg .some .node:not(.lit)>*,.tfg .some .edge:not(.lit,.on){opacity:.25}`,
].join('');
