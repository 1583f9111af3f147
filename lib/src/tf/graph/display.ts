/** How a notebook displays tensors, operations and graphs. (`graphView` draws a graph.) */

import { inspect } from 'node:util';
import { HostArray } from '../../runtime/hostArray';
import { htmlTable } from '../../runtime/html';
import type { MimeBundle } from '../../runtime/notebookHost';
import { shapeText } from '../../runtime/shapeText';
import type { AttributeValue } from './attributes';
import type { Graph } from './graph';
import type { Operation } from './operation';
import type { Tensor } from './tensor';

/** The maximum number of lines. */
const MAX_LINES = 10;

/** The maximum length of an attribute's text. */
const MAX_TEXT = 80;

type Rows = (readonly [name: string, value: string | undefined])[];

export function displayTensor(tensor: Tensor): MimeBundle {
  const { op, dtype } = tensor;
  return table(`Tensor ${tensor.name}`, tensor.toString(), [
    ['dtype', tensor.isRef ? `${dtype} (a variable's buffer)` : dtype],
    ['shape', shapeText(tensor.shape)],
    ['operation', op.type],
    ['inputs', lines(op.inputs.map(tensorText))],
    ['used by', lines(tensor.consumers().map(operationText))],
    ...placeRows(op),
  ]);
}

export function displayOperation(operation: Operation): MimeBundle {
  return table(`Operation ${operation.name}`, operation.toString(), [
    ['type', operation.type],
    ['inputs', lines(operation.inputs.map(tensorText))],
    ['waits for', lines(operation.controlInputs.map(operationText))],
    ['outputs', lines(operation.outputs.map(tensorText))],
    ['attributes', lines(attributeTexts(operation).map(([name, text]) => `${name}: ${text}`))],
    ...placeRows(operation),
  ]);
}

export function displayGraph(graph: Graph): MimeBundle {
  const { operations } = graph;
  const variables = operations.filter(({ type }) => /^(Variable(V2)?|VarHandleOp)$/.test(type));
  const scopes = operations.filter(({ name }) => name.includes('/')).map(({ name }) => `${name.split('/')[0]}/`);
  return table('Graph', graph.toString(), [
    ['operations', `${operations.length}`],
    ['by scope', lines(counts(scopes))],
    ['by type', lines(counts(operations.map(({ type }) => type)))],
    ['variables', lines(variables.map(({ outputs: [value] }) => tensorText(value!)))],
    ['drawing', 'graphView(graph)'],
  ]);
}

/** The informative attributes of an operation, as short texts. */
export function attributeTexts({ attributes }: Operation): [name: string, text: string][] {
  return Object.entries(attributes)
    .filter(([name, value]) => !name.startsWith('_') && value !== '')
    .map(([name, value]) => [name, attributeText(value)]);
}

function attributeText(value: AttributeValue): string {
  const text = typeof value === 'string' ? value : value instanceof HostArray ? arrayText(value) : inspectShort(value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

function arrayText({ dtype, shape, data, size }: HostArray): string {
  return `${dtype} ${shapeText(shape)}: ${[...data.slice(0, 8)].join(', ')}${size > 8 ? ', …' : ''}`;
}

const inspectShort = (value: unknown) => inspect(value, { breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 8 });

/** The same content as text and as HTML. */
function table(title: string, text: string, rows: Rows): MimeBundle {
  const shown = rows.filter(([, value]) => value);
  const texts = shown.map(([name, value]) => `  ${name}: ${value?.replaceAll('\n', '\n    ')}`);
  return { 'text/plain': [text, ...texts].join('\n'), 'text/html': htmlTable(title, shown) };
}

const placeRows = ({ device, site }: Operation): Rows => [
  ['device', device],
  ['built at', site?.location],
];

const tensorText = ({ name, dtype, shape }: Tensor) => `${name} ${dtype} ${shapeText(shape)}`;

const operationText = ({ name, type }: Operation) => `${name} ${type}`;

function lines(items: readonly string[]): string {
  const more = items.length > MAX_LINES ? [`and ${items.length - MAX_LINES} more`] : [];
  return [...items.slice(0, MAX_LINES), ...more].join('\n');
}

/** Counts the occurrences of each item, the most frequent first. */
function counts(items: readonly string[]): string[] {
  const found = new Map<string, number>();
  for (const item of items) found.set(item, (found.get(item) ?? 0) + 1);
  return [...found].sort(([, a], [, b]) => b - a).map(([item, count]) => `${item} ${count}`);
}
