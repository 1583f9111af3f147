/** Classifies operations by their types and names. */
import { type OperationData, producerOf } from './graphData';

export const isVariable = (type: string) => /^(Variable(V2)?|VarHandleOp)$/.test(type);
export const isPlaceholder = (type: string) => type.startsWith('Placeholder');
export const isSummary = (type: string) => /Summary(V\d)?$/.test(type);
/** Whether an operation only prepares a tensor for a summary. */
export const isPreparation = (type: string) =>
  /^(Const|Identity|Cast|Reshape|ExpandDims|Squeeze|Transpose)$/.test(type);
export const isAssign = (type: string) => /^Assign(VariableOp)?$/.test(type);
export const isUpdate = (type: string) => /^(Resource)?(Sparse)?Apply/.test(type);
export const isSaving = (type: string) => /^(Save|Restore)(V2|Slices)?$/.test(type);
/** Whether an operation is an essential part of a while loop. */
export const isOfLoop = (type: string) => /^(LoopCond|NextIteration|(Stateless)?While)$/.test(type);
export const isOfGradients = (name: string) => /(^|\/)gradients(_\d+)?\//.test(name);

/** The names of the operations on which an operation depends. */
export const inputsOf = ({ inputs, controlInputs }: OperationData) => [...inputs.map(producerOf), ...controlInputs];
