/** Formats the value of a cell's last expression. */

import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { isPromise } from 'node:util/types';
import { isDisplayable, jupyterDisplay, jupyterDisplayId, laterForms, type MimeBundle } from 'tf-mechanics/kernel-host';
import { replace } from './process';

/** What is shown of a value, and the display id if it will be updated. */
export interface Shown {
  readonly data: MimeBundle;
  readonly displayId?: string;
}

/**
 * How many times to poll a promise that is a cell's value, and the interval in milliseconds. A count rather than a
 * time, since the machine may be busy.
 */
const LOOKS = 20;
const LOOK_MS = 5;

/**
 * The representations of a value: its own, or its text. For a promise, which is usually a forgotten `await`, the text
 * says so, with its outcome if known.
 *
 * @param textOfError formats a value that is an error, if it comes from cells
 * @throws {Error} when the promise was rejected: its reason
 */
export async function shownResult(value: unknown, textOfError: (error: unknown) => string | undefined): Promise<Shown> {
  const error = textOfError(value);
  if (error !== undefined && !isDisplayable(value)) return { data: { 'text/plain': error } };
  if (!isPromise(value)) return shown(value);
  if (isPending(value)) return { data: { 'text/plain': `${text(value)}\n${ADVICE}` } };
  const { data } = await shown(await value);
  return { data: advised(data) };
}

function advised(bundle: MimeBundle): MimeBundle {
  const forms = Object.fromEntries(Object.entries(bundle).map(([type, form]) => [type, withAdvice(type, form)]));
  const more = bundle[laterForms];
  return more ? { ...forms, [laterForms]: async () => advised(await more()) } : forms;
}

const ADVICE = 'Promise — await it: write await before it, to go on with its value';

function withAdvice(type: string, form: unknown): unknown {
  if (type === 'text/plain') return `${ADVICE}\n${form}`;
  return type === 'text/html' ? `<div>${ADVICE}</div>${form}` : form;
}

async function shown(value: unknown): Promise<Shown> {
  if (!isDisplayable(value)) {
    const isManyPromises = Array.isArray(value) && value.length > 0 && value.every(isPromise);
    const advice = isManyPromises ? '\nPromises — await them all: await Promise.all(…)' : '';
    return { data: { 'text/plain': text(value) + advice } };
  }
  const bundle = await value[jupyterDisplay]();
  const data = 'text/plain' in bundle || isEmpty(bundle) ? bundle : { 'text/plain': inspect(value), ...bundle };
  return { data, displayId: value[jupyterDisplayId] };
}

const DEPTH = 3;
/** Elements printed per array: `many`, or `few` in nested arrays with more than `all` elements in total. */
const ELEMENTS = { few: 10, many: 100, all: 5_000 };

function text(value: unknown): string {
  const maxArrayLength = extent(value) > ELEMENTS.all ? ELEMENTS.few : ELEMENTS.many;
  return inspect(value, { depth: DEPTH, maxArrayLength, maxStringLength: 10_000 });
}

/** The approximate number of elements in nested arrays. */
function extent(value: unknown, depth = DEPTH): number {
  return Array.isArray(value) && depth >= 0 ? Math.min(value.length, ELEMENTS.many) * extent(value[0], depth - 1) : 1;
}

/** Whether a promise settles soon. It is polled rather than awaited: awaiting would mark its rejection as handled. */
export async function settlesSoon(promise: Promise<unknown>): Promise<void> {
  for (let looks = 0; isPending(promise) && looks < LOOKS; looks++) await sleep(LOOK_MS);
}

const isPending = (promise: Promise<unknown>) =>
  /^[^{]*\{\s*<pending>/.test(inspect(promise, { customInspect: false, depth: 0 }));

/** Internal properties of promises and timers, by the names of their symbols. */
const stores = new Set(['kResourceStore', 'async_id_symbol', 'trigger_async_id_symbol']);

/**
 * Hides those properties, which reference the cell, when promises and timers are printed. Returns a function that
 * undoes it.
 */
export function hideStores(): () => void {
  const prototypes = [Promise, setImmediate(() => {}), setTimeout(() => {})].map((value) =>
    typeof value === 'function' ? value.prototype : Object.getPrototypeOf(value),
  ) as { [inspect.custom]?: CustomInspect }[];
  const undo = prototypes.map((prototype) => {
    const own = prototype[inspect.custom];
    const value: CustomInspect = function (...parameters) {
      for (const symbol of Object.getOwnPropertySymbols(this))
        if (stores.has(symbol.description ?? '')) Object.defineProperty(this, symbol, { enumerable: false });
      return own ? own.apply(this, parameters) : this;
    };
    return replace(prototype, inspect.custom, { configurable: true, writable: true, value });
  });
  return () => {
    for (const restore of undo) restore();
  };
}

type CustomInspect = (this: object, ...parameters: unknown[]) => unknown;

/** Whether a value has no representation to show. */
export const isEmpty = (bundle: MimeBundle): boolean => Reflect.ownKeys(bundle).length === 0;

/** A bundle ready to be serialized: bytes become base64. */
export function encodable(bundle: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, data]) => [
      type,
      data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') : data,
    ]),
  );
}
