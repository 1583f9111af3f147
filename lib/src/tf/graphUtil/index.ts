/** The exports of `tf.graphUtil`: reducing GraphDefs to what inference needs. */
export { type ConvertVariablesOptions, convertVariablesToConstants } from './freeze';
export { type MustRunOnCpuOptions, mustRunOnCpu } from './mustRunOnCpu';
export { extractSubGraph, type NodeName } from './subGraph';
export { type RemoveTrainingNodesOptions, removeTrainingNodes } from './trainingNodes';
