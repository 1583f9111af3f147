/**
 * Operations without a kernel for GPUs.
 *
 * @see TensorFlow's python/framework/graph_util_impl.py
 */
import { checkInstance } from '../../runtime/arguments';
import { onlyOptions } from '../../runtime/options';
import { Operation } from '../graph/operation';

/** Options of {@link mustRunOnCpu}. */
export interface MustRunOnCpuOptions {
  /**
   * Whether operations that hold or write variables must run on a CPU.
   *
   * @defaultValue `false`
   */
  pinVariablesOnCpu?: boolean;
}

const VARIABLE_TYPES: ReadonlySet<string> = new Set([
  'Assign',
  'AssignAdd',
  'AssignSub',
  'Queue',
  'ScatterAdd',
  'ScatterSub',
  'ScatterUpdate',
  'TruncatedNormal',
  'Variable',
  'VariableV2',
]);

/** The attribute that holds the dtype, and the dtypes for which only CPUs have a kernel. */
const CPU_ONLY: Readonly<Record<string, readonly [attribute: string, ...dtypes: string[]]>> = {
  Const: ['dtype', 'string', 'int32'],
  DynamicStitch: ['T', 'int32'],
  ParallelDynamicStitch: ['T', 'int32'],
  Cast: ['SrcT', 'int32'],
};

/**
 * Whether an operation must be placed on a CPU, because no GPU has a kernel for it.
 *
 * @example
 * tf.graphUtil.mustRunOnCpu(tf.constant('a text').op); // true
 */
export function mustRunOnCpu(operation: Operation, options: MustRunOnCpuOptions = {}): boolean {
  const { pinVariablesOnCpu = false } = onlyOptions(options, { pinVariablesOnCpu: 'boolean' });
  checkInstance('what may run on a GPU', operation, Operation, 'operation');
  if (pinVariablesOnCpu && VARIABLE_TYPES.has(operation.type)) return true;
  const [attribute, ...dtypes] = CPU_ONLY[operation.type] ?? [];
  return attribute !== undefined && dtypes.includes(operation.getAttribute(attribute) as string);
}
