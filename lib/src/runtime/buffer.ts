/** `TF_Buffer`: how the C API passes serialized protocol buffers. */
import { capi, type Pointer } from './capi';

/** The bytes that `fill` makes the C API write into a new buffer. The buffer is always freed. */
export function readBuffer(fill: (buffer: Pointer) => void): Uint8Array {
  const { newBuffer, deleteBuffer } = capi();
  const buffer = newBuffer();
  try {
    fill(buffer);
    return bufferBytes(buffer);
  } finally {
    deleteBuffer(buffer);
  }
}

/** Calls `use` with a buffer that holds a copy of `bytes`, and frees the buffer afterwards. */
export function withBuffer<R>(bytes: Uint8Array, use: (buffer: Pointer) => R): R {
  const { newBufferFromString, deleteBuffer } = capi();
  const buffer = newBufferFromString(bytes, bytes.byteLength);
  try {
    return use(buffer);
  } finally {
    deleteBuffer(buffer);
  }
}

/** A copy of the bytes in a buffer: `struct { const void *data; size_t length; … }`. */
export function bufferBytes(buffer: Pointer): Uint8Array {
  const { memcpy } = capi();
  const header = new BigUint64Array(2);
  memcpy(header, buffer, header.byteLength);
  const [data, length] = header as unknown as [bigint, bigint];
  const bytes = new Uint8Array(Number(length));
  if (length > 0n) memcpy(bytes, data, bytes.byteLength);
  return bytes;
}
