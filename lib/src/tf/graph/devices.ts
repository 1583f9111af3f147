/**
 * Devices: their names, such as `/job:worker/replica:0/task:1/device:GPU:0`, any part of which may be missing; and what scopes say of
 * them, by a name or by a function of the operation.
 *
 * @see `DeviceSpec` and `Graph._apply_device_functions` in TensorFlow's python/framework
 */

import type { OpDef } from '../../protos';
import { checkInstance, shown } from '../../runtime/arguments';
import { messageOf, withContext } from '../../runtime/errorContext';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { type Attributes, decodeAttribute } from './attributes';
import type { Tensor } from './tensor';

/** The parts of a device's name; one that is left out may be any. */
export interface DeviceParts {
  /** The job of the cluster, such as `worker`. */
  job?: string;
  replica?: number;
  /** Which task of the job. */
  task?: number;
  /** `CPU`, `GPU` … */
  deviceType?: string;
  deviceIndex?: number;
}

const PARTS = ['job', 'replica', 'task', 'deviceType', 'deviceIndex'] as const;

/**
 * The name of a device in parts.
 *
 * @example
 * new tf.DeviceSpec({ job: 'ps', task: 1 }).toString(); // '/job:ps/task:1'
 * tf.DeviceSpec.fromString('/job:ps/cpu:0').deviceType; // 'CPU'
 */
export class DeviceSpec implements Readonly<DeviceParts> {
  readonly job?: string;
  readonly replica?: number;
  readonly task?: number;
  readonly deviceType?: string;
  readonly deviceIndex?: number;

  /** @throws {InvalidArgumentError} when a part is none that a name can have */
  constructor(parts: DeviceParts = {}) {
    onlyOptions(parts, { job: 'any', replica: 'any', task: 'any', deviceType: 'any', deviceIndex: 'any' });
    const { job, deviceType, replica, task, deviceIndex } = parts;
    for (const [part, text] of Object.entries({ job, deviceType }))
      if (text !== undefined && !(typeof text === 'string' && NAME.test(text)))
        throw new InvalidArgumentError(
          `the ${part} of a device is a name such as 'worker' or 'CPU', not ${shown(text)}`,
        );
    for (const [part, number] of Object.entries({ replica, task, deviceIndex }))
      if (number !== undefined && !(Number.isSafeInteger(number) && number >= 0))
        throw new InvalidArgumentError(`the ${part} of a device is a number from 0 on, not ${shown(number)}`);
    Object.assign(this, { job, replica, task, deviceType, deviceIndex });
  }

  /**
   * The parts of a name such as `/job:worker/task:1/cpu:0`.
   *
   * @throws {InvalidArgumentError} when it is no device
   */
  static fromString(name: string): DeviceSpec {
    return new DeviceSpec(parse(name));
  }

  /** This device with what `other` says: what that leaves open stays. */
  makeMergedSpec(other: DeviceSpec): DeviceSpec {
    checkInstance('what is merged', other, DeviceSpec, 'device');
    return new DeviceSpec(overridden(this, other));
  }

  /** This device with other parts; undefined leaves one open. */
  replace(parts: DeviceParts): DeviceSpec {
    return new DeviceSpec({ ...this, ...parts });
  }

  /** The name: `/job:worker/replica:0/task:1/device:GPU:0`, without the parts that are open. */
  toString(): string {
    const { job, replica, task, deviceType, deviceIndex } = this;
    const numbered = (part: string, value: string | number | undefined) =>
      value === undefined ? '' : `/${part}:${value}`;
    const device = deviceType === undefined ? '' : `/device:${deviceType}:${deviceIndex ?? '*'}`;
    return numbered('job', job) + numbered('replica', replica) + numbered('task', task) + device;
  }
}

const NAME = /^[A-Za-z_][\w-]*$/;

function parse(text: string): DeviceParts {
  if (typeof text !== 'string')
    throw new InvalidArgumentError(`a device is a string such as '/cpu:0', not ${shown(text)}`);
  const parts: DeviceParts = {};
  for (const part of text.split('/').filter(Boolean)) {
    const match =
      /^(job):([A-Za-z_][\w-]*)$|^(replica|task):(\d+|\*)$|^device:([A-Za-z_]+)(?::(\d+|\*))?$|^(cpu|gpu|tpu)(?::(\d+|\*))?$/i.exec(
        part,
      );
    if (match === null)
      throw new InvalidArgumentError(
        `'${text}' is no device: '${part}' is none of job:NAME, replica:N, task:N, device:TYPE:N, cpu:N, gpu:N`,
      );
    const [, job, jobName, counted, count, type, index, short, shortIndex] = match;
    if (job) parts.job = jobName!;
    else if (counted) parts[counted.toLowerCase() as 'replica' | 'task'] = numberOf(count);
    else {
      parts.deviceType = (type ?? short ?? '').toUpperCase();
      parts.deviceIndex = numberOf(index ?? shortIndex);
    }
  }
  return parts;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '*' ? undefined : Number(text);
}

/** Part by part, as in Python: an index stays where only the type is another. */
function overridden(outer: DeviceParts, inner: DeviceParts): DeviceParts {
  return Object.fromEntries(PARTS.map((part) => [part, inner[part] ?? outer[part]]));
}

/**
 * The device of an inner scope within an outer one: what the inner one leaves open is the outer one's.
 *
 * @throws {InvalidArgumentError} when one of them is no device specification
 */
export function mergeDevices(outer: string, inner: string): string {
  return new DeviceSpec(overridden(parse(outer), parse(inner))).toString();
}

/** Things by the devices that they are on, in the order of the devices' names. */
export function byDevice<T>(all: readonly T[], deviceOf: (one: T) => string): [device: string, some: T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const device = deviceOf(one);
    const some = groups.get(device);
    if (some) some.push(one);
    else groups.set(device, [one]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What a device function is told of the operation that is about to be added. */
export interface OperationDescription {
  /** The name, with its scopes. */
  readonly name: string;
  /** What it computes, as TensorFlow names it: `MatMul`. */
  readonly type: string;
  /** The tensors it takes. Those of an operation that is imported are of a graph that is only for looking at. */
  readonly inputs: readonly Tensor[];
  /** All attributes by name, with those that follow from the inputs or are the definition's defaults. */
  readonly attributes: Attributes;
  /** What inner scopes have said, or `''`. */
  readonly device: string;
}

/**
 * Decides where an operation runs: what it gives takes the place of what inner scopes have said, which it is told; outer scopes
 * add what it leaves open.
 *
 * @example
 * const matmulOnGpu: tf.DeviceFunction = ({ type, device }) => (type === 'MatMul' ? '/gpu:0' : device);
 * tf.device(matmulOnGpu, () => tf.matmul(images, weights)).device; // '/device:GPU:0'
 */
export type DeviceFunction = (operation: OperationDescription) => string | DeviceSpec;

/** The names and functions of the device scopes around, the innermost last. */
export type DeviceScopes = readonly (string | DeviceFunction)[];

/**
 * The scopes within one more.
 *
 * @param device null forgets the outer ones
 * @throws {InvalidArgumentError} when it is no device
 */
export function within(outer: DeviceScopes, device: string | DeviceSpec | DeviceFunction | null): DeviceScopes {
  if (device === null) return [];
  if (typeof device === 'function') return [...outer, device];
  if (typeof device !== 'string' && !(device instanceof DeviceSpec))
    throw new InvalidArgumentError(
      `a device is a string such as '/cpu:0', a function of the operation, or null, not ${shown(device)}`,
    );
  const last = outer.at(-1);
  if (typeof last === 'string') return [...outer.slice(0, -1), mergeDevices(last, String(device))];
  const name = DeviceSpec.fromString(String(device)).toString();
  return name === '' ? outer : [...outer, name];
}

/** Whether it depends on the operation where one is placed. */
export function haveFunctions(scopes: DeviceScopes): boolean {
  return scopes.some((scope) => typeof scope === 'function');
}

/**
 * Where scopes place an operation: the innermost says first.
 *
 * @param own what the operation itself says
 * @param describe the operation, with what inner scopes have said
 * @throws {InvalidArgumentError} when a function gives no device; and what a function throws
 */
export function placeIn(scopes: DeviceScopes, own: string, describe: (device: string) => OperationDescription): string {
  return scopes.reduceRight<string>((device, scope) => {
    if (typeof scope === 'function') return ask(scope, describe(device));
    return device === '' ? scope : mergeDevices(scope, device);
  }, own);
}

function ask(decide: DeviceFunction, operation: OperationDescription): string {
  const what = `the device function${decide.name ? ` '${decide.name}'` : ''}`;
  let given: unknown;
  try {
    given = decide(operation);
  } catch (error) {
    if (!(error instanceof Error)) throw new InvalidArgumentError(`${what} threw ${shown(error)}`);
    throw withContext(error, (message) => `${what} failed: ${message}`);
  }
  if (typeof given !== 'string' && !(given instanceof DeviceSpec))
    throw new InvalidArgumentError(
      `${what} gives a device's name for every operation ('' for none, and what it was told to leave it there), not ${shown(given)}`,
    );
  try {
    return DeviceSpec.fromString(String(given)).toString();
  } catch (error) {
    throw new InvalidArgumentError(`${what} gave what is no device: ${messageOf(error)}`);
  }
}

/** All attributes of an operation that is about to be added. */
export function allAttributes(
  definition: OpDef,
  inputs: readonly (Tensor | readonly Tensor[])[],
  given: Attributes,
): Attributes {
  const attributes: Record<string, Attributes[string]> = {};
  for (const { name, defaultValue } of definition.attr)
    if (defaultValue && !defaultValue.tensor) attributes[name] = decodeAttribute(defaultValue);
  for (const [i, { typeAttr, typeListAttr, numberAttr }] of definition.inputArg.entries()) {
    const tensors = [inputs[i] ?? []].flat() as Tensor[];
    if (numberAttr) attributes[numberAttr] = tensors.length;
    if (typeListAttr) attributes[typeListAttr] = tensors.map(({ dtype }) => dtype);
    if (typeAttr && tensors[0]) attributes[typeAttr] = tensors[0].dtype;
  }
  for (const [name, value] of Object.entries(given)) if (value !== undefined) attributes[name] = value;
  return attributes;
}
