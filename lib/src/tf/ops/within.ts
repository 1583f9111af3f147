/** How a builder of several operations begins. */
import type { Tensor } from '../graph/tensor';
import { asTensor, graphOf, type Operand } from './apply';

/**
 * Builds inside the scope `name`.
 *
 * @param valueName the constant's name if `input` is a plain value
 * @param build receives `input` as a tensor, and the scope's name for the operation that is named after it
 */
export function within<T>(
  input: Operand,
  valueName: string,
  name: string,
  build: (tensor: Tensor, scope: string) => T,
): T {
  const graph = graphOf([input]);
  return graph.nameScope(name, (scope) => build(asTensor(input, undefined, valueName, graph), scope));
}
