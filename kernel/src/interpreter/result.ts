/** What is shown of the value of a cell's last expression. */
import { inspect } from 'node:util';
import { isDisplayable, jupyterDisplay, type MimeBundle } from 'tf-mechanics/dist/runtime/host';

/** A value's forms: those that it gives itself, or its text. */
export async function resultBundle(value: unknown): Promise<MimeBundle> {
  if (isDisplayable(value)) {
    const bundle = await value[jupyterDisplay]();
    return 'text/plain' in bundle ? bundle : { 'text/plain': inspect(value), ...bundle };
  }
  return { 'text/plain': inspect(value, { depth: 3, maxArrayLength: 100, maxStringLength: 10_000 }) };
}

/** A bundle as a message carries it: bytes in base64. */
export function encodable(bundle: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, data]) => [
      type,
      data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') : data,
    ]),
  );
}
