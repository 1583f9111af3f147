/** For tests: the metadata of a traced step. */
import { RunMetadata as RunMetadataCodec } from '../protos';
import { RunMetadata } from '../tf/session';

/** An operation that ran: its label as TensorFlow writes it, when (microseconds), and what it allocated (bytes). */
export type TracedOperation = readonly [label: string, start: number, duration: number, bytes?: number];

/** What `session.run` leaves of a step on these devices. */
export function tracedStep(devices: Record<string, readonly TracedOperation[]>): RunMetadata {
  const began = 1_795_503_064_287_187_000n; // nanoseconds since the epoch: more than a number holds exactly
  const metadata = new RunMetadata();
  metadata.bytes = RunMetadataCodec.encode({
    stepStats: {
      devStats: Object.entries(devices).map(([device, operations]) => ({
        device,
        nodeStats: operations.map(([label, start, duration, bytes]) => ({
          nodeName: label.replace(/ = .*/, '').replace(/^\[.*\] /, ''),
          timelineLabel: label,
          allStartNanos: began + BigInt(Math.round(start * 1000)),
          allEndRelNanos: Math.round(duration * 1000),
          memory: bytes === undefined ? [] : [{ allocatorName: 'cpu', totalBytes: bytes, peakBytes: bytes }],
        })),
      })),
    },
  });
  return metadata;
}
