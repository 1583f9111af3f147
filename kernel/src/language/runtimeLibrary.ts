/** Selects the standard library's types by what the running Node supports, so that code that type-checks also runs. */
import { ts } from './compiler';

/** A part of the standard library's types, and a test whether this process implements it. */
type Part = readonly [name: string, isThere: () => boolean];

const has = (object: object, ...names: readonly string[]) => names.every((name) => name in object);

/**
 * The parts added since ES2022, by the compiler's names. A part that Node implements only partly is omitted:
 * `@types/node` declares what it needs itself, such as `Symbol.dispose`.
 */
const PARTS: readonly Part[] = [
  ['es2023.array', () => has(Array.prototype, 'findLast', 'toSorted', 'with')],
  ['es2023.collection', () => runs('new WeakMap([[Symbol(), 0]])')],
  ['es2023.intl', () => has(Intl.NumberFormat.prototype, 'formatRange')],
  ['es2024.arraybuffer', () => has(ArrayBuffer.prototype, 'resize', 'transfer')],
  ['es2024.collection', () => has(Map, 'groupBy')],
  ['es2024.object', () => has(Object, 'groupBy')],
  ['es2024.promise', () => has(Promise, 'withResolvers')],
  ['es2024.regexp', () => has(RegExp.prototype, 'unicodeSets')],
  ['es2024.sharedmemory', () => has(Atomics, 'waitAsync') && has(SharedArrayBuffer.prototype, 'grow')],
  ['es2024.string', () => has(String.prototype, 'isWellFormed', 'toWellFormed')],
  ['es2025.collection', () => has(Set.prototype, 'union', 'isSubsetOf')],
  ['es2025.float16', () => has(globalThis, 'Float16Array') && has(Math, 'f16round')],
  ['es2025.intl', () => has(Intl, 'DurationFormat')],
  ['es2025.iterator', () => runs('Iterator.from([]).map((x) => x).toArray()')],
  ['es2025.promise', () => has(Promise, 'try')],
  ['es2025.regexp', () => has(RegExp, 'escape')],
  ['esnext.array', () => has(Array, 'fromAsync')],
  ['esnext.collection', () => has(Map.prototype, 'getOrInsert') && has(WeakMap.prototype, 'getOrInsert')],
  ['esnext.disposable', () => has(globalThis, 'DisposableStack', 'AsyncDisposableStack', 'SuppressedError')],
  ['esnext.error', () => has(Error, 'isError')],
  ['esnext.sharedmemory', () => has(Atomics, 'pause')],
  ['esnext.temporal', () => has(globalThis, 'Temporal')],
  ['esnext.date', () => has(Date.prototype, 'toTemporalInstant')],
  ['esnext.typedarrays', () => has(Uint8Array, 'fromBase64')],
  // Decorators only need the compiler's helpers; `Symbol.metadata` is added where missing.
  ['esnext.decorators', () => true],
];

/**
 * Compilation targets after ES2022, newest first, each with an expression that Node can only evaluate if it supports
 * that version's syntax: of late, that of regular expressions.
 */
const SYNTAX: readonly (readonly [source: string, target: keyof typeof ts.ScriptTarget])[] = [
  ["new RegExp('(?i:a)')", 'ES2025'],
  ["new RegExp('a', 'v')", 'ES2024'],
];

/** Whether an expression can be evaluated here. */
function runs(expression: string): boolean {
  try {
    new Function(`return ${expression}`)();
    return true;
  } catch {
    return false;
  }
}

/** The compilation target: syntax that Node doesn't support yet, such as `using` and decorators, is compiled down. */
export const TARGET = ts.ScriptTarget[SYNTAX.find(([source]) => runs(source))?.[1] ?? 'ES2022'];

/** The compiler options for code that this process runs. */
export function runtimeLibrary() {
  const parts = PARTS.filter(([, isThere]) => isThere()).map(([name]) => name);
  return { target: TARGET, lib: ['es2022', ...parts].map((name) => `lib.${name}.d.ts`) };
}
