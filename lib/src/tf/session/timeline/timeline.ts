/** A traced step in the format of Chrome's tracing tools. */
import type { StepStats } from '../../../protos';
import { checkObject } from '../../../runtime/arguments';
import { InvalidArgumentError } from '../../../runtime/errors';
import { replaceFile } from '../../../runtime/files';
import { onlyOptions } from '../../../runtime/options';
import type { RunMetadata } from '../config';
import { type Activity, activitiesOf } from './activities';

/** Options of {@link Timeline.generateChromeTraceFormat}. */
export interface ChromeTraceOptions {
  /**
   * Whether arrows go from what computes a tensor to what takes it on another lane.
   *
   * @defaultValue `true`
   */
  showDataflow?: boolean;
}

/** An operation's bar. */
interface Bar {
  activity: Activity;
  pid: number;
}

/** An event of a trace; `ts` and `dur` are microseconds. */
type TraceEvent = { ph: string; name: string; pid: number; tid?: number } & Record<string, unknown>;

/**
 * A traced step for Chrome's `chrome://tracing` and for Perfetto, as TensorFlow's `tensorflow.python.client.timeline` has it.
 *
 * @see https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU the format
 * @example
 * import { writeFile } from 'node:fs/promises';
 *
 * await session.run(trainOp, feeds, { options: { traceLevel: 'FULL_TRACE' }, runMetadata });
 * await writeFile('step.json', new tf.timeline.Timeline(runMetadata.stepStats).generateChromeTraceFormat());
 */
export class Timeline {
  readonly #stepStats: StepStats;

  /**
   * @param stepStats of a run's `RunMetadata`
   * @throws {InvalidArgumentError} when there are none: the run wasn't traced
   */
  constructor(stepStats: StepStats | undefined) {
    if (!stepStats?.devStats?.some(({ nodeStats }) => nodeStats.length > 0)) throw notTraced();
    this.#stepStats = stepStats;
  }

  /**
   * The trace as JSON: a process a device, a thread a lane of operations that ran one after the other. Times count from the step's
   * first operation, where Python's count from the epoch.
   */
  generateChromeTraceFormat(options: ChromeTraceOptions = {}): string {
    const { showDataflow = true } = onlyOptions(options, { showDataflow: 'boolean' });
    const traceEvents: TraceEvent[] = [];
    const producers = new Map<string, Bar>();
    const devices = activitiesOf(this.#stepStats);
    for (const [pid, { device, lanes, activities }] of devices.entries()) {
      traceEvents.push(metadata('process_name', pid, undefined, `${device} Compute`));
      for (let lane = 0; lane < lanes; lane++) traceEvents.push(metadata('thread_name', pid, lane, `lane ${lane + 1}`));
      for (const activity of activities) {
        traceEvents.push(regionOf(activity, pid));
        producers.set(activity.name, { activity, pid });
      }
    }
    if (!showDataflow) return JSON.stringify({ traceEvents });

    let flows = 0;
    for (const [pid, { activities }] of devices.entries()) {
      for (const consumer of activities) {
        for (const input of consumer.inputs) {
          const name = operationOf(input);
          const producer = producers.get(name) ?? producers.get(name.replace(SENT, ''));
          if (!producer || (producer.pid === pid && producer.activity.lane === consumer.lane)) continue;
          traceEvents.push(...flowOf(producer.activity.name, flows++, producer, { activity: consumer, pid }));
        }
      }
    }
    return JSON.stringify({ traceEvents });
  }
}

/** What the graph's partitioning adds to the name of a node where its tensor goes to another device. */
const SENT = /\/_\d+$/;

/** The operation that a tensor (`name:1`) comes from. No operation is called like a control input, `^name`: that is no data. */
function operationOf(input: string): string {
  return input.replace(/:\d+$/, '');
}

function metadata(name: string, pid: number, tid: number | undefined, value: string): TraceEvent {
  return { ph: 'M', name, pid, tid, args: { name: value } };
}

/** The bar of an operation. */
function regionOf({ name, type, inputs, start, duration, lane, bytes }: Activity, pid: number): TraceEvent {
  const args: Record<string, unknown> = { name, op: type };
  for (const [i, input] of inputs.entries()) args[`input${i}`] = input;
  if (bytes > 0) args.bytes = bytes;
  return { ph: 'X', cat: 'Op', name: type, pid, tid: lane, ts: start, dur: duration, args };
}

/** The two ends of an arrow. Each belongs to the bar within which its time lies, and an end of a bar is no longer within it. */
function flowOf(name: string, id: number, from: Bar, to: Bar): TraceEvent[] {
  const { start, duration, lane } = from.activity;
  const leaves = Math.max(start, start + duration - 0.001);
  const common = { cat: 'DataFlow', name, id };
  return [
    { ph: 's', ...common, pid: from.pid, tid: lane, ts: leaves },
    { ph: 'f', bp: 'e', ...common, pid: to.pid, tid: to.activity.lane, ts: to.activity.start },
  ];
}

/** What is thrown for metadata of a run that wasn't traced. */
function notTraced(): InvalidArgumentError {
  return new InvalidArgumentError(
    "expected the times of a traced run, got none: run it with { options: { traceLevel: 'FULL_TRACE' }, runMetadata }",
  );
}

/**
 * A traced step as the JSON that Chrome's `chrome://tracing` and https://ui.perfetto.dev open, written to a file where one is given.
 *
 * @param runMetadata what `session.run` filled with `traceLevel: 'FULL_TRACE'`
 * @returns the JSON
 * @throws {InvalidArgumentError} when the run wasn't traced
 * @throws {TensorFlowError} when the file can't be written
 * @example
 * await session.run(trainOp, feeds, { options: { traceLevel: 'FULL_TRACE' }, runMetadata });
 * await tf.timeline.exportChromeTrace(runMetadata, 'step99.json');
 */
export async function exportChromeTrace(runMetadata: RunMetadata, file?: string): Promise<string> {
  checkObject('metadata of a run', runMetadata);
  const trace = new Timeline(runMetadata.stepStats).generateChromeTraceFormat();
  if (file !== undefined) await replaceFile(file, Buffer.from(trace));
  return trace;
}
