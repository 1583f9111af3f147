/** Extracts from a graph, through libtensorflow, what a drawing shows. */
import { attributeTexts } from '../../tf/graph/display';
import type { Operation } from '../../tf/graph/operation';
import type { OperationData } from './graphData';

/** An operation as plain data. */
export function describeOperation(operation: Operation): OperationData {
  return {
    name: operation.name,
    type: operation.type,
    inputs: operation.inputs.map(({ name }) => name),
    controlInputs: operation.controlInputs.map(({ name }) => name),
    outputs: operation.outputs.map(({ dtype, shape }) => ({ dtype, shape })),
    attributes: Object.fromEntries(attributeTexts(operation)),
    device: operation.device,
    site: operation.site?.location ?? '',
  };
}
