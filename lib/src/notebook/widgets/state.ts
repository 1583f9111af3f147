/**
 * The serialized form of a widget's state: JSON, and separately the bytes of arrays with the paths where they belong.
 */
import { InvalidArgumentError } from '../../runtime/errors';
import { HostArray } from '../../runtime/hostArray';

/** The values of a widget by name. */
export type State = Record<string, unknown>;

/** A path in a state. */
export type Path = readonly (string | number)[];

export interface Separated {
  readonly state: State;
  readonly paths: Path[];
  readonly buffers: Uint8Array[];
}

/** A deeper value contains itself. */
const DEEPEST = 50;

/**
 * Splits a state into a part without arrays' bytes, and the bytes.
 *
 * @throws {InvalidArgumentError} when it contains something that can't be sent to a page, such as a function; the
 * message says where
 */
export function separate(state: State): Separated {
  const paths: Path[] = [];
  const buffers: Uint8Array[] = [];
  const copy = (value: unknown, path: Path): unknown => {
    const bytes = bytesOf(value);
    if (bytes) {
      paths.push(path);
      buffers.push(bytes);
      return null;
    }
    if (path.length > DEEPEST) throw refused(path.slice(0, 3), 'it has itself in it');
    if (value instanceof HostArray) {
      const { dtype, shape, data } = value;
      return copy(dtype === 'string' ? { dtype, shape, data: value.toArray() } : { dtype, shape, data }, path);
    }
    if (Array.isArray(value)) return value.map((item, i) => copy(item, [...path, i]));
    switch (typeof value) {
      case 'object':
        if (value === null) return null;
        if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, [...path, key])]));
      case 'string':
      case 'number':
      case 'boolean':
        return value;
      case 'undefined':
        return null;
      default:
        throw refused(path, `it is a ${typeof value}`);
    }
  };
  return { state: copy(state, []) as State, paths, buffers };
}

function refused(path: Path, why: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `a page can't be told ${path.join('.')}: ${why}. What it can be told are numbers, texts, booleans, typed arrays, and arrays and objects of these`,
  );
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return undefined;
}

/**
 * Puts bytes back at their paths, in the form of the value that was there `before`. Invalid paths, and bytes that don't
 * fit such a value, are ignored.
 */
export function join(state: State, paths: unknown, buffers: readonly Uint8Array[], before: State): State {
  if (!Array.isArray(paths)) return state;
  paths.forEach((path: unknown, i) => {
    if (!Array.isArray(path) || path.length === 0 || !buffers[i]) return;
    const parent = at(state, path.slice(0, -1));
    const key: string = path.at(-1);
    // The removed bytes have left null in an array, and nothing in an object.
    if (!isObject(parent) || (Array.isArray(parent) && !Object.hasOwn(parent, key))) return;
    const value = inForm(buffers[i], at(before, path));
    if (value === undefined) delete parent[key];
    else Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
  });
  return state;
}

const isObject = (value: unknown): value is State => typeof value === 'object' && value !== null;

function at(value: unknown, path: readonly unknown[]): unknown {
  return path.reduce(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key as string) ? inner[key as string] : undefined),
    value,
  );
}

interface TypedArrayClass {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): unknown;
}

/** Bytes as an array of the class of `before`; undefined if they don't fit. */
function inForm(bytes: Uint8Array, before: unknown): unknown {
  const own = bytes.slice(); // properly aligned, and not shared
  if (before instanceof ArrayBuffer) return own.buffer;
  if (before instanceof DataView) return new DataView(own.buffer);
  if (!ArrayBuffer.isView(before)) return own;
  const kind = before.constructor as unknown as TypedArrayClass;
  return own.length % kind.BYTES_PER_ELEMENT === 0 ? new kind(own.buffer) : undefined;
}
