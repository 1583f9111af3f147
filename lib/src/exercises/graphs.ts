/** Checks of graphs. */
import type { Graph, Operation, Tensor } from '../tf';

/** The operations of a type. */
export const operationsOf = (graph: Graph, type: string): Operation[] =>
  graph.operations.filter((operation) => operation.type === type);

/** The names of a graph's variables. */
export const variableNames = (graph: Graph): string[] =>
  graph.operations.filter(({ type }) => /^(Variable(V2)?|VarHandleOp)$/.test(type)).map(({ name }) => name);

/** A shape as readers write it: `784×10`, with `?` for unknown dimensions. */
export const shapeOf = ({ shape }: Pick<Tensor, 'shape'>): string =>
  shape?.map((size) => size ?? '?').join('×') ?? 'unknown';
