/** Operations: the nodes of a graph. */
import { inspect } from 'node:util';
import { AttrValue, NodeDef } from '../../protos';
import { checkText } from '../../runtime/arguments';
import { readBuffer } from '../../runtime/buffer';
import { capi, type Pointer } from '../../runtime/capi';
import { InvalidArgumentError } from '../../runtime/errors';
import { jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { checked } from '../../runtime/status';
import { type AttributeValue, decodeAttribute, readTensorAttribute } from './attributes';
import type { CallSite } from './callSite';
import { displayOperation } from './display';
import type { Graph } from './graph';
import { known, type Shape, Tensor } from './tensor';

/** The `TF_Operation` that a graph is about to register. */
let adding: Pointer | undefined;

/** Creates the operation of a `TF_Operation` that a graph has just obtained. */
export function operationOf(graph: Graph, pointer: Pointer, site?: CallSite): Operation {
  adding = pointer;
  return new Operation(graph, pointer, site);
}

/**
 * A node of a graph: it takes tensors and computes tensors. Builders and `graph.createOperation` create operations.
 *
 * @example
 * const { op } = tf.matmul(images, weights);
 * op.type; // 'MatMul'
 * op.inputs.length; // 2
 */
export class Operation {
  readonly graph: Graph;
  /** @internal The `TF_Operation`; it lives as long as the graph. */
  readonly pointer: Pointer;
  /** The name, unique in the graph, including scopes: `hidden1/MatMul`. */
  readonly name: string;
  /** Its type, such as `MatMul`. */
  readonly type: string;
  /** Where the operation was built; undefined for an imported one. */
  readonly site: CallSite | undefined;
  /** @internal The static shapes of its outputs that were asked for. Only `setShape` changes the shape of an output that is there. */
  readonly shapes: (Shape | undefined)[] = [];

  #inputs: readonly Tensor[] | undefined;
  #outputs: readonly Tensor[] | undefined;

  /**
   * Only {@link Graph} calls this, to add operations to itself.
   *
   * @throws {InvalidArgumentError} when the caller isn't the graph: any other address would crash the process
   */
  constructor(graph: Graph, pointer: Pointer, site?: CallSite) {
    if (adding === undefined || pointer !== adding)
      throw new InvalidArgumentError('operations are made by builders and graph.createOperation');
    adding = undefined;
    known.add(this);
    this.graph = graph;
    this.pointer = pointer;
    this.name = capi().operationName(pointer);
    this.type = capi().operationOpType(pointer);
    this.site = site;
  }

  /** The tensors that it computes. */
  get outputs(): readonly Tensor[] {
    this.#outputs ??= Array.from({ length: capi().operationNumOutputs(this.pointer) }, (_, i) => new Tensor(this, i));
    return this.#outputs;
  }

  /** Its input tensors. */
  get inputs(): readonly Tensor[] {
    if (this.#inputs === undefined) {
      const { operationNumInputs, operationAllInputs } = capi();
      const count = operationNumInputs(this.pointer);
      const outputs = new BigInt64Array(count * 2); // TF_Output { TF_Operation *oper; int index; }
      if (count > 0) operationAllInputs(this.pointer, outputs, count);
      this.#inputs = Array.from({ length: count }, (_, i) => {
        const producer = this.graph.operationAt(outputs[2 * i]!);
        return producer.outputs[Number(BigInt.asIntN(32, outputs[2 * i + 1]!))] as Tensor;
      });
    }
    return this.#inputs;
  }

  /** The operations that run before it, without being inputs. */
  get controlInputs(): Operation[] {
    const { operationNumControlInputs, operationGetControlInputs } = capi();
    const pointers = new BigInt64Array(operationNumControlInputs(this.pointer));
    if (pointers.length > 0) operationGetControlInputs(this.pointer, pointers, pointers.length);
    return Array.from(pointers, (pointer) => this.graph.operationAt(pointer));
  }

  /** The requested device, or `''`. */
  get device(): string {
    return capi().operationDevice(this.pointer) ?? '';
  }

  /**
   * The value of an attribute.
   *
   * @throws {InvalidArgumentError} when the operation has no such attribute
   *
   * @example
   * conv.op.getAttribute('strides'); // [1, 1, 1, 1]
   */
  getAttribute(name: string): AttributeValue {
    checkText('the name of an attribute', name);
    const bytes = readBuffer((buffer) =>
      checked(
        (status) => capi().operationGetAttrValueProto(this.pointer, name, buffer, status),
        (message) => `${message} (attribute '${name}' of '${this.name}')`,
      ),
    );
    const value = AttrValue.decode(bytes);
    return value.tensor ? readTensorAttribute(this.pointer, name) : decodeAttribute(value);
  }

  /** All attributes by name. */
  get attributes(): Record<string, AttributeValue> {
    return Object.fromEntries(Object.keys(this.toNodeDef().attr ?? {}).map((name) => [name, this.getAttribute(name)]));
  }

  /** The operation as a node of a GraphDef. */
  toNodeDef(): NodeDef {
    return NodeDef.decode(
      readBuffer((buffer) => checked((status) => capi().operationToNodeDef(this.pointer, buffer, status))),
    );
  }

  /** Its colocation groups: `loc:@` and the name of an operation; by default, its own. */
  colocationGroups(): string[] {
    const groups = this.toNodeDef().attr?._class?.list?.s ?? [];
    return groups.length > 0 ? groups.map((bytes) => Buffer.from(bytes).toString()) : [`loc:@${this.name}`];
  }

  toString(): string {
    return `Operation '${this.name}' ${this.type}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [jupyterDisplay](): MimeBundle {
    return displayOperation(this);
  }
}
