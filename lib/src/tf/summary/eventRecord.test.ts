import { describe, expect, it } from 'vitest';
import { Event, Summary } from '../../protos';
import { RecordBuffer, RecordDecoder } from '../../runtime/records';
import { addEventRecord, EventField } from './eventRecord';

function recorded(wallTime: number, step: number | bigint, field: number, payload: Uint8Array): Uint8Array {
  const buffer = new RecordBuffer(16);
  addEventRecord(buffer, wallTime, step, field, payload);
  return new RecordDecoder().push(buffer.bytes.subarray(0, buffer.length))[0]!.data;
}

describe('addEventRecord', () => {
  const steps = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32, 2 ** 40 + 3, Number.MAX_SAFE_INTEGER, -1, -(2 ** 40)];
  const bigSteps = [5n, -1n, 2n ** 63n - 1n, -(2n ** 63n)];

  it.each([...steps, ...bigSteps])('writes the bytes that the codec writes at step %s', (step) => {
    const summary = Summary.encode({ value: [{ tag: 'loss', simpleValue: 0.5 }] });
    expect(recorded(1.7e9 + 0.25, step, EventField.summary, summary)).toEqual(
      new Uint8Array(
        Event.encode({ wallTime: 1.7e9 + 0.25, step, summary: { value: [{ tag: 'loss', simpleValue: 0.5 }] } }),
      ),
    );
  });

  it('writes no step that is 0', () => {
    expect(recorded(1, 0n, EventField.summary, new Uint8Array(0))).toEqual(
      recorded(1, 0, EventField.summary, new Uint8Array(0)),
    );
  });

  it.each([0, 1, 63, 64, 127, 128, 20_000])('writes %s bytes of any field', (size) => {
    const payload = new Uint8Array(size).fill(7);
    expect(Event.decode(recorded(1, 2, EventField.graphDef, payload))).toEqual({
      wallTime: 1,
      step: 2,
      graphDef: payload,
    });
    expect(Event.decode(recorded(1, 2, EventField.metaGraphDef, payload)).metaGraphDef).toEqual(payload);
  });

  it('refuses a step that is no 64-bit integer, and adds nothing', () => {
    const buffer = new RecordBuffer();
    for (const step of [1.5, Number.NaN, 2 ** 60, 2n ** 63n]) {
      expect(() => addEventRecord(buffer, 1, step, EventField.summary, new Uint8Array(1))).toThrow(
        `the global step must be a 64-bit integer: ${step}`,
      );
    }
    expect(buffer.length).toBe(0);
  });
});
