/** Everything that is `tf.graphUtil.…`: GraphDefs made smaller, for those who only want answers. */
export { type ConvertVariablesOptions, convertVariablesToConstants } from './freeze';
export { type MustRunOnCpuOptions, mustRunOnCpu } from './mustRunOnCpu';
export { extractSubGraph, type NodeName } from './subGraph';
export { type RemoveTrainingNodesOptions, removeTrainingNodes } from './trainingNodes';
