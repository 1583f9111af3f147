/** What a drawing shows of a graph, read from libtensorflow. */
import { inspect } from 'node:util';
import type { AttributeValue } from '../../graph/attributes';
import type { Operation } from '../../graph/operation';
import { HostArray } from '../../runtime/hostArray';
import { type OperationData, shapeText } from './graphData';

/** The longest text of an attribute. */
const MAX_TEXT = 80;

/** An operation as plain data. */
export function describeOperation(operation: Operation): OperationData {
  return {
    name: operation.name,
    type: operation.type,
    inputs: operation.inputs.map(({ name }) => name),
    controlInputs: operation.controlInputs.map(({ name }) => name),
    outputs: operation.outputs.map(({ dtype, shape }) => ({ dtype, shape })),
    attributes: Object.fromEntries(
      Object.entries(operation.attributes)
        .filter(([name, value]) => !name.startsWith('_') && value !== '')
        .map(([name, value]) => [name, attributeText(value)]),
    ),
    device: operation.device,
    site: operation.site?.location ?? '',
  };
}

function attributeText(value: AttributeValue): string {
  const text =
    value instanceof HostArray
      ? `${value.dtype} ${shapeText(value.shape)}: ${[...value.data.slice(0, 8)].join(', ')}${value.size > 8 ? ', …' : ''}`
      : typeof value === 'string'
        ? value
        : inspect(value, { breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 8 });
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}
