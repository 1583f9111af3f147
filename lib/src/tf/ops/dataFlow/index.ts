export {
  type AccumulatedDType,
  type AccumulatorOptions,
  type ApplyGradOptions,
  ConditionalAccumulator,
  type ConditionalAccumulatorBase,
  SparseConditionalAccumulator,
} from './accumulators';
export type { QueueDTypes, QueueNames, QueueShapes } from './components';
export { type CloseOptions, QueueBase } from './queueBase';
export * from './queues';
