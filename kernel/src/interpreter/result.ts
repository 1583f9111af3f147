/** What is shown of the value of a cell's last expression. */
import { inspect } from 'node:util';
import { isPromise } from 'node:util/types';
import { isDisplayable, jupyterDisplay, type MimeBundle } from 'tf-mechanics/kernel-host';
import { replace } from './process';

/** A value's forms: those that it gives itself, or its text. A promise is mostly one that somebody forgot to await. */
export async function resultBundle(value: unknown): Promise<MimeBundle> {
  if (isDisplayable(value)) {
    const bundle = await value[jupyterDisplay]();
    return 'text/plain' in bundle ? bundle : { 'text/plain': inspect(value), ...bundle };
  }
  const text = inspect(value, { depth: 3, maxArrayLength: 100, maxStringLength: 10_000 });
  return { 'text/plain': isPromise(value) ? `${text}\nDid you forget to write await before it?` : text };
}

/** What Node and the kernel keep in promises and timers, by the names of the symbols. */
const stores = new Set(['kResourceStore', 'async_id_symbol', 'trigger_async_id_symbol']);

/** Has promises and timers be shown without what Node keeps in them: the cell that they belong to. The result undoes it. */
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

/** A bundle as a message carries it: bytes in base64. */
export function encodable(bundle: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, data]) => [
      type,
      data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') : data,
    ]),
  );
}
