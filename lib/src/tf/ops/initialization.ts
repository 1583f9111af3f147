/**
 * The order of initialization: a variable whose initial value reads other variables can be initialized in the same run
 * as them, in any order, by any number of threads.
 *
 * @see `_try_guard_against_uninitialized_dependencies` in TensorFlow's python/ops/variables.py
 */
import type { Attributes } from '../graph/attributes';
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { apply, applyOne } from './apply';
import type { Variable } from './variables';

/** Every variable, by its operation: reading the operation's output reads the variable. */
export const variableOf = new WeakMap<Operation, Variable>();

/** Operations that take and return a reference, and the corresponding operations on values. */
const VALUE_FORMS: Readonly<Record<string, string>> = {
  RefIdentity: 'Identity',
  RefSwitch: 'Switch',
  RefMerge: 'Merge',
  RefEnter: 'Enter',
  RefExit: 'Exit',
};

/**
 * The value of a variable or, if it has none yet, the value of its initializer. In a run that also initializes the
 * variable, both are the same.
 */
export function initializedValue(variable: Variable): Tensor {
  const initial = givenByInitializer(variable);
  if (initial === undefined) return variable.value();
  const { graph, op, dtype } = variable;
  const [buffer] = op.outputs as [Tensor];
  return graph.controlDependencies(null, () => {
    const initialized = buffer.isRef
      ? applyOne('IsVariableInitialized', [buffer], { dtype })
      : applyOne('VarIsInitializedOp', [buffer]);
    return graph.nameScope('cond', () => {
      const [no, yes] = apply('Switch', [initialized, initialized]).outputs as [Tensor, Tensor];
      applyOne('Identity', [yes], {}, 'switch_t');
      applyOne('Identity', [no], {}, 'switch_f');
      const which = applyOne('Identity', [initialized], {}, 'pred_id');
      const current = graph.nameScope('read', (scope) => {
        const kept = apply(buffer.isRef ? 'RefSwitch' : 'Switch', [buffer, which], {}, 'Switch').outputs[1]!;
        return buffer.isRef
          ? applyOne('Identity', [kept], {}, scope)
          : applyOne('ReadVariableOp', [kept], { dtype }, scope);
      });
      const [first] = graph.colocateWith(initial, () => apply('Switch', [initial, which]), {
        ignoreExisting: true,
      }).outputs;
      const merged = apply('Merge', [[first!, current]]).outputs[0]!;
      merged.setShape(variable.shape);
      return merged;
    });
  });
}

/**
 * `initialValue` of the variable whose scope is `scope`, in which every read of another variable is replaced by its
 * {@link initializedValue}. Names are Python's. An initial value computed in a loop stays unchanged, as in Python.
 */
export function withoutUninitialized(initialValue: Tensor, scope: string): Tensor {
  const { readers, reads } = dependenciesOf(initialValue);
  if (reads.size === 0) return initialValue;
  const values = new Map([...new Set(reads.values())].map((variable) => [variable, initializedValue(variable)]));
  return substitute(initialValue, readers, reads, values, scope);
}

/**
 * The operations that initialize `variables`. If an initial value reads others of them, a copy of it uses their new
 * initial values, and not their current values: initializing everything again must not depend on the old state.
 *
 * @param name of their common operation
 */
export function initializersOf(variables: readonly Variable[], name: string): Operation[] {
  const members = new Set(variables);
  const given = new Map<Variable, Tensor>();
  const initializers = new Map<Variable, Operation>();
  const initialize = (variable: Variable): Tensor | undefined => {
    if (initializers.has(variable)) return given.get(variable);
    const { initializer } = variable;
    const original = variable.initialValue ?? givenByInitializer(variable);
    initializers.set(variable, initializer);
    if (original === undefined) return undefined;
    const { readers, reads } = dependenciesOf(original);
    const read = [...new Set(reads.values())];
    if (!read.some((other) => members.has(other))) {
      const value = givenByInitializer(variable);
      if (value) given.set(variable, value);
      return value;
    }
    const giving = (other: Variable) => (members.has(other) && initialize(other)) || initializedValue(other);
    const { graph } = variable;
    const value = graph.controlDependencies(null, () => {
      const values = new Map(read.map((other) => [other, giving(other)]));
      return substitute(original, readers, reads, values, name);
    });
    given.set(variable, value);
    initializers.set(variable, copy(initializer, [initializer.inputs[0]!, value], [], name));
    return value;
  };
  for (const variable of variables) initialize(variable);
  return variables.map((variable) => initializers.get(variable)!);
}

/** The value that a variable's initializer assigns, without reads of possibly uninitialized variables. */
function givenByInitializer({ initializer, initialValue }: Variable): Tensor | undefined {
  return /^Assign(VariableOp)?$/.test(initializer.type) ? initializer.inputs[1] : initialValue;
}

interface Dependencies {
  /** The operations that compute a tensor, each after its inputs. */
  readonly readers: readonly Operation[];
  /** Those of them that are, or read, a variable. */
  readonly reads: ReadonlyMap<Operation, Variable>;
}

/** The operations that compute `tensor`; none if they contain a loop, which can't be copied operation by operation. */
function dependenciesOf(tensor: Tensor): Dependencies {
  const seen = new Set<Operation>();
  const readers: Operation[] = [];
  const reads = new Map<Operation, Variable>();
  const open: { op: Operation; rest: Operation[] }[] = [];
  const enter = (op: Operation) => {
    if (seen.has(op)) return;
    seen.add(op);
    const variable = variableReadBy(op);
    if (variable) reads.set(op, variable);
    open.push({ op, rest: variable || writes(op) ? [] : [...op.inputs.map((input) => input.op), ...op.controlInputs] });
  };
  enter(tensor.op);
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const next = top.rest.pop();
    if (next) {
      if (/NextIteration$/.test(next.type)) return { readers: [], reads: new Map() };
      enter(next);
    } else {
      readers.push(top.op);
      open.pop();
    }
  }
  return { readers, reads };
}

/** The variable whose buffer an operation is, or whose resource it reads. */
function variableReadBy(op: Operation): Variable | undefined {
  if (op.type === 'ReadVariableOp') return variableOf.get(op.inputs[0]!.op);
  return op.outputs[0]?.isRef ? variableOf.get(op) : undefined;
}

/** Whether an operation works on a variable itself rather than on its value. */
function writes(op: Operation): boolean {
  if (op.type in VALUE_FORMS || !op.inputs.some(({ isRef }) => isRef)) return false;
  return op.graph.definition(op.type).inputArg.some(({ isRef }) => isRef);
}

/** `tensor`, computed from other values of variables: what depends on them is copied. */
function substitute(
  tensor: Tensor,
  readers: readonly Operation[],
  reads: ReadonlyMap<Operation, Variable>,
  values: ReadonlyMap<Variable, Tensor>,
  suffix: string,
): Tensor {
  const copies = new Map<Operation, readonly Tensor[] | Operation>();
  const outputsOf = (copied: readonly Tensor[] | Operation) => ('outputs' in copied ? copied.outputs : copied);
  const replaced = (input: Tensor): Tensor => {
    const copied = copies.get(input.op);
    return copied === undefined ? input : outputsOf(copied)[input.index]!;
  };
  const waited = (op: Operation): Operation => {
    const copied = copies.get(op);
    return copied === undefined ? op : (outputsOf(copied)[0]?.op ?? (copied as Operation));
  };
  for (const op of readers) {
    const variable = reads.get(op);
    if (variable) copies.set(op, [values.get(variable)!]);
    else if (!writes(op) && [...op.inputs.map((input) => input.op), ...op.controlInputs].some((one) => copies.has(one)))
      copies.set(op, copy(op, op.inputs.map(replaced), op.controlInputs.map(waited), suffix));
  }
  return replaced(tensor);
}

/** A copy of `op` with other inputs. Its name combines both, outside of every scope, as in Python. */
function copy(
  op: Operation,
  inputs: readonly Tensor[],
  controlInputs: readonly Operation[],
  suffix: string,
): Operation {
  const { graph } = op;
  const definition = graph.definition(op.type);
  const attributes: Record<string, Attributes[string]> = {};
  for (const { name } of definition.attr) attributes[name] = op.getAttribute(name);
  const { _class } = op.toNodeDef().attr ?? {};
  if (_class) attributes._class = op.colocationGroups();
  let next = 0;
  const grouped = definition.inputArg.map(({ numberAttr, typeListAttr }) => {
    if (!numberAttr && !typeListAttr) return inputs[next++]!;
    const count = numberAttr
      ? Number(attributes[numberAttr])
      : (attributes[typeListAttr]! as readonly unknown[]).length;
    next += count;
    return inputs.slice(next - count, next);
  });
  const name = uniqueAnywhere(graph, `${op.name}_${suffix.replace(/\/$/, '')}`);
  const type = VALUE_FORMS[op.type] ?? op.type;
  // On the device of the original, regardless of scopes.
  return graph.device(null, () =>
    graph.device(op.device, () =>
      graph.createOperation(type, grouped, attributes, { name: `${name}/`, controlInputs }),
    ),
  );
}

function uniqueAnywhere(graph: Graph, name: string): string {
  return graph.nameScope(null, () => graph.uniqueName(name));
}
