/**
 * What collections say of a graph's loops and conditions, and of what fills its queues. All strings are names.
 *
 * Made by `npm run protos` from lib/protos/control_flow.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';

/** The tensors of a loop or a condition. */
export interface ValuesDef {
  values: string[];
  /** Those from outside, each by the name that it has inside. */
  externalValues: Record<string, string>;
}
export const ValuesDef: Codec<ValuesDef> = codec('ValuesDef');

/** A loop or a condition in another: exactly one is set. */
export interface ControlFlowContextDef {
  condCtxt?: CondContextDef;
  whileCtxt?: WhileContextDef;
}
export const ControlFlowContextDef: Codec<ControlFlowContextDef> = codec('ControlFlowContextDef');

/** One branch of a condition. */
export interface CondContextDef {
  contextName: string;
  predName: string;
  pivotName: string;
  branch: number;
  valuesDef?: ValuesDef;
  nestedContexts: ControlFlowContextDef[];
}
export const CondContextDef: Codec<CondContextDef> = codec('CondContextDef');

/** A loop. */
export interface WhileContextDef {
  contextName: string;
  parallelIterations: number;
  backProp: boolean;
  swapMemory: boolean;
  pivotName: string;
  pivotForPredName: string;
  pivotForBodyName: string;
  loopExitNames: string[];
  valuesDef?: ValuesDef;
  loopEnterNames: string[];
  maximumIterationsName: string;
  nestedContexts: ControlFlowContextDef[];
}
export const WhileContextDef: Codec<WhileContextDef> = codec('WhileContextDef');

/** What fills a queue. */
export interface QueueRunnerDef {
  queueName: string;
  enqueueOpName: string[];
  closeOpName: string;
  cancelOpName: string;
  /** One of `ErrorCode`. The errors that mean that the queue was closed. */
  queueClosedExceptionTypes: number[];
}
export const QueueRunnerDef: Codec<QueueRunnerDef> = codec('QueueRunnerDef');
