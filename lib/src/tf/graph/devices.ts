/**
 * Devices: their names, such as `/job:worker/replica:0/task:1/device:GPU:0`, any part of which may be missing, and
 * device scopes, which are given by a name or by a function of the operation.
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

/** The parts of a device name. A part that is left out matches any. */
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
 * The name of a device, split into its parts.
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

  /** @throws {InvalidArgumentError} when a part is invalid */
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
   * Parses a name such as `/job:worker/task:1/cpu:0`.
   *
   * @throws {InvalidArgumentError} when it is not a device name
   */
  static fromString(name: string): DeviceSpec {
    return new DeviceSpec(parse(name));
  }

  /** This device, overridden by the parts that `other` specifies. */
  makeMergedSpec(other: DeviceSpec): DeviceSpec {
    checkInstance('what is merged', other, DeviceSpec, 'device');
    return new DeviceSpec(overridden(this, other));
  }

  /** This device with other parts; undefined unsets one. */
  replace(parts: DeviceParts): DeviceSpec {
    return new DeviceSpec({ ...this, ...parts });
  }

  /** The name: `/job:worker/replica:0/task:1/device:GPU:0`, without unset parts. */
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

/** Overrides part by part, as in Python: an index stays if only the type changes. */
function overridden(outer: DeviceParts, inner: DeviceParts): DeviceParts {
  return Object.fromEntries(PARTS.map((part) => [part, inner[part] ?? outer[part]]));
}

/**
 * The device of an inner scope within an outer one: unset parts of the inner one are taken from the outer one.
 *
 * @throws {InvalidArgumentError} when one of them is not a device name
 */
export function mergeDevices(outer: string, inner: string): string {
  return new DeviceSpec(overridden(parse(outer), parse(inner))).toString();
}

/** Groups items by device, in the order of the device names. */
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

/** The operation about to be added, as a device function sees it. */
export interface OperationDescription {
  /** The name, including scopes. */
  readonly name: string;
  /** Its type, such as `MatMul`. */
  readonly type: string;
  /** Its input tensors. Those of an imported operation belong to a temporary graph that is only for inspection. */
  readonly inputs: readonly Tensor[];
  /** All attributes by name, including those that are inferred from the inputs and defaults. */
  readonly attributes: Attributes;
  /** The device chosen by inner scopes, or `''`. */
  readonly device: string;
}

/**
 * Decides on which device an operation runs. Its result replaces the device chosen by inner scopes, which it can see in
 * the description; outer scopes fill in unset parts.
 *
 * @example
 * const matmulOnGpu: tf.DeviceFunction = ({ type, device }) => (type === 'MatMul' ? '/gpu:0' : device);
 * tf.device(matmulOnGpu, () => tf.matmul(images, weights)).device; // '/device:GPU:0'
 */
export type DeviceFunction = (operation: OperationDescription) => string | DeviceSpec;

/** The names and functions of the enclosing device scopes, the innermost last. */
export type DeviceScopes = readonly (string | DeviceFunction)[];

/**
 * The scopes with one more, as the innermost.
 *
 * @param device null ignores the outer ones
 * @throws {InvalidArgumentError} when it is not a device
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

/** Whether one of the scopes is a function, so that the device depends on the operation. */
export function haveFunctions(scopes: DeviceScopes): boolean {
  return scopes.some((scope) => typeof scope === 'function');
}

/**
 * The device that scopes choose for an operation, from the innermost to the outermost.
 *
 * @param own the device that the operation itself specifies
 * @param describe describes the operation, given the device chosen by inner scopes
 * @throws {InvalidArgumentError} when a function returns no device; also whatever a function throws
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
