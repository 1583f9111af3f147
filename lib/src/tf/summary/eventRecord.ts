/**
 * Appends an `Event` to a buffer of records without creating the message first. Its content is already encoded (a
 * summary computed by the graph, a GraphDef), so only a few bytes surround it. The result is identical to the codec's.
 */
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { RecordBuffer } from '../../runtime/records';

/** The field numbers of `Event`, for the fields that hold an encoded message or bytes. */
export const EventField = { graphDef: 4, summary: 5, sessionLog: 7, taggedRunMetadata: 8, metaGraphDef: 9 } as const;

/**
 * A field's tag consists of its number and its wire type: 0 for a varint, 1 for eight bytes, 2 for a length and that
 * many bytes.
 */
const WALL_TIME_TAG = (1 << 3) | 1;
const STEP_TAG = (2 << 3) | 0;
const payloadTag = (field: number): number => (field << 3) | 2;

/** The step's tag and varint, written before the size of the record is known. */
const stepField = new Uint8Array(11);

/**
 * Appends an event with one field, given by its number and its encoded content.
 *
 * @param wallTime Seconds since the epoch.
 * @param step The global step; 0 is omitted, as in proto3.
 * @throws {InvalidArgumentError} when the step is not a 64-bit integer. Nothing is appended then.
 */
export function addEventRecord(
  buffer: RecordBuffer,
  wallTime: number,
  step: number | bigint,
  field: number,
  payload: Uint8Array,
): void {
  const stepSize = writeStepField(step);
  const size = payload.length;
  let at = buffer.begin(9 + stepSize + 1 + varintSize(size) + size);
  const { bytes, view } = buffer;
  bytes[at] = WALL_TIME_TAG;
  view.setFloat64(at + 1, wallTime, true);
  at += 9;
  for (let i = 0; i < stepSize; i++) bytes[at++] = stepField[i]!;
  bytes[at++] = payloadTag(field);
  at = writeVarint(bytes, at, size);
  // For data as short as a scalar, a loop is faster than calling `set`.
  if (size < 64) for (let i = 0; i < size; i++) bytes[at + i] = payload[i]!;
  else bytes.set(payload, at);
  buffer.end();
}

function writeStepField(step: number | bigint): number {
  if (step === 0) return 0;
  stepField[0] = STEP_TAG;
  if (Number.isSafeInteger(step) && (step as number) > 0) return writeVarint(stepField, 1, step as number);
  if (typeof step === 'bigint' ? BigInt.asIntN(64, step) !== step : !Number.isSafeInteger(step)) {
    throw new InvalidArgumentError(`the global step must be a 64-bit integer: ${shown(step)}`);
  }
  let rest = BigInt.asUintN(64, BigInt(step));
  if (rest === 0n) return 0;
  let at = 1;
  for (; rest >= 0x80n; rest >>= 7n) stepField[at++] = Number(rest & 0x7fn) | 0x80;
  stepField[at++] = Number(rest);
  return at;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

/** Writes a non-negative integer, and returns the index after it. */
function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at++] = rest;
  return at;
}
