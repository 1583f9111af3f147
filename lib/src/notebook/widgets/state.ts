/** A widget's state as it travels: what JSON can say, and beside it the bytes of arrays with the places where they belong. */
import { InvalidArgumentError } from '../../runtime/errors';
import { HostArray } from '../../runtime/hostArray';

/** The values of a widget by their names. */
export type State = Record<string, unknown>;

/** Where in a state something stands. */
export type Path = readonly (string | number)[];

export interface Separated {
  readonly state: State;
  readonly paths: Path[];
  readonly buffers: Uint8Array[];
}

/** Deeper than this is a value that has itself in it. */
const DEEPEST = 50;

/**
 * A state without its arrays' bytes, and these.
 *
 * @throws {InvalidArgumentError} when a page can't be told something that is in it, such as a function, saying where
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
 * Puts bytes back in the places where they belong, in the form that the value had which stands there `before`. What names no place,
 * or has not the bytes of such a value, is left out.
 */
export function join(state: State, paths: unknown, buffers: readonly Uint8Array[], before: State): State {
  if (!Array.isArray(paths)) return state;
  paths.forEach((path: unknown, i) => {
    if (!Array.isArray(path) || path.length === 0 || !buffers[i]) return;
    const parent = at(state, path.slice(0, -1));
    const key: string = path.at(-1);
    // What has taken the bytes out has left null in an array, and nothing in an object.
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

/** Bytes as an array of the class of `before`; undefined where they make none. */
function inForm(bytes: Uint8Array, before: unknown): unknown {
  const own = bytes.slice(); // begins where its elements may begin, and nobody else has it
  if (before instanceof ArrayBuffer) return own.buffer;
  if (before instanceof DataView) return new DataView(own.buffer);
  if (!ArrayBuffer.isView(before)) return own;
  const kind = before.constructor as unknown as TypedArrayClass;
  return own.length % kind.BYTES_PER_ELEMENT === 0 ? new kind(own.buffer) : undefined;
}
