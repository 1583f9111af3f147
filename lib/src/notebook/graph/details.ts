/** The details of a node, shown when it is selected. */
import { escapeHtml } from '../../runtime/html';
import { indexOf, type OperationData, producerOf, sizesText, type TensorData } from './graphData';
import type { GraphNode, Hierarchy } from './hierarchy';
import type { GraphWords } from './words';

/** The maximum number of lines of one kind. */
const MAX_LINES = 12;

/**
 * The details of a node: for an operation its type, inputs, outputs, attributes, device and where it was built; for a
 * scope its contents, inputs and outputs. Elements with `data-show` refer to nodes that can be shown.
 */
export function detailsHtml(node: GraphNode, hierarchy: Hierarchy): string {
  const { says } = hierarchy;
  const list = listIn(says);
  const [operation] = node.operations;
  if (!operation) return '';
  const isScope = node.children.length > 0;
  const inside = new Set(node.operations.map(({ name }) => name));
  const inputs = unique(node.operations.flatMap(({ inputs }) => inputs)).filter(
    (name) => !inside.has(producerOf(name)),
  );
  const waits = unique(node.operations.flatMap(({ controlInputs }) => controlInputs)).filter(
    (name) => !inside.has(name),
  );
  const consumers = hierarchy.root.operations.filter(
    (other) =>
      !inside.has(other.name) &&
      (other.inputs.some((name) => inside.has(producerOf(name))) ||
        other.controlInputs.some((name) => inside.has(name))),
  );
  const find = (name: string) => hierarchy.leaves.get(name)?.operations.find((one) => one.name === name);
  const tensorLine = (name: string) =>
    link(producerOf(name), name, hierarchy) + typeHtml(find(producerOf(name))?.outputs[indexOf(name)]);
  const operationLine = ({ name, type }: OperationData) => `${link(name, name, hierarchy)} ${faint(type)}`;

  return [
    `<b style="font-size:14px">${escapeHtml(isScope ? node.name : operation.name)}</b>`,
    `<div>${faint(isScope ? says.scope(says.operations(node.operations.length)) : operation.type)}</div>`,
    isScope ? list(says.details.types, countTypes(node.operations)) : '',
    list(says.details.inputs, inputs.map(tensorLine)),
    list(
      says.details.waits,
      waits.map((name) => link(name, name, hierarchy)),
    ),
    isScope
      ? ''
      : list(
          says.details.outputs,
          operation.outputs.map((output, i) => escapeHtml(`${operation.name}:${i}`) + typeHtml(output)),
        ),
    list(says.details.usedBy, consumers.map(operationLine)),
    isScope
      ? ''
      : list(
          says.details.attributes,
          Object.entries(operation.attributes).map(([name, value]) => `${escapeHtml(name)} ${faint(value)}`),
        ),
    isScope ? '' : list(says.details.drawnWith, node.operations.slice(1).map(valueLine)),
    isScope || !operation.device ? '' : list(says.details.device, [escapeHtml(operation.device)]),
    isScope || !operation.site ? '' : list(says.details.builtAt, [escapeHtml(operation.site)]),
  ].join('');
}

/** An operation that is drawn together with another one, and its value if it is a constant. */
const valueLine = ({ name, type, attributes }: OperationData) =>
  `${escapeHtml(name)} ${faint(type === 'Const' ? (attributes.value ?? type) : type)}`;

const unique = (items: readonly string[]) => [...new Set(items)];

const faint = (text: string) => `<span class="faint">${escapeHtml(text)}</span>`;

const typeHtml = (tensor: TensorData | undefined) =>
  tensor ? ` ${faint(`${tensor.dtype} ${sizesText(tensor.shape)}`)}` : '';

function link(operation: string, text: string, { leaves }: Hierarchy): string {
  const leaf = leaves.get(operation);
  if (!leaf) return escapeHtml(text);
  return `<a data-show="${escapeHtml(leaf.id)}" tabindex="0" role="button">${escapeHtml(text)}</a>`;
}

function countTypes(operations: readonly OperationData[]): string[] {
  const counts = new Map<string, number>();
  for (const { type } of operations) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([type, n]) => `${escapeHtml(type)} ${faint(`× ${n}`)}`);
}

const listIn =
  (says: GraphWords) =>
  (title: string, lines: readonly string[]): string => {
    if (lines.length === 0) return '';
    const more = lines.length > MAX_LINES ? [faint(says.more(lines.length - MAX_LINES))] : [];
    const items = [...lines.slice(0, MAX_LINES), ...more].map((line) => `<div>${line}</div>`).join('');
    return `<div style="margin-top:8px"><div style="font-weight:600">${title}</div>${items}</div>`;
  };
