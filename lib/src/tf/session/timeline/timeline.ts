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
   * Whether to draw arrows from the operation that computes a tensor to those on other lanes that use it.
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
 * A traced step for Chrome's `chrome://tracing` and Perfetto, like TensorFlow's `tensorflow.python.client.timeline`.
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
   * @param stepStats from a run's `RunMetadata`
   * @throws {InvalidArgumentError} when they are undefined: the run wasn't traced
   */
  constructor(stepStats: StepStats | undefined) {
    if (!stepStats?.devStats?.some(({ nodeStats }) => nodeStats.length > 0)) throw notTraced();
    this.#stepStats = stepStats;
  }

  /**
   * The trace as JSON, with a process per device and a thread per lane. Times count from the step's first operation;
   * Python's count from the epoch.
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

/** The suffix that partitioning the graph adds to the name of a node whose tensor goes to another device. */
const SENT = /\/_\d+$/;

/** The operation that computes a tensor (`name:1`). Control inputs (`^name`) carry no data and match no operation. */
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

/**
 * The two ends of an arrow. Each end belongs to the bar that contains its time, and the end time of a bar is not inside
 * it.
 */
function flowOf(name: string, id: number, from: Bar, to: Bar): TraceEvent[] {
  const { start, duration, lane } = from.activity;
  const leaves = Math.max(start, start + duration - 0.001);
  const common = { cat: 'DataFlow', name, id };
  return [
    { ph: 's', ...common, pid: from.pid, tid: lane, ts: leaves },
    { ph: 'f', bp: 'e', ...common, pid: to.pid, tid: to.activity.lane, ts: to.activity.start },
  ];
}

/** The error for metadata of a run that wasn't traced. */
function notTraced(): InvalidArgumentError {
  return new InvalidArgumentError(
    "expected the times of a traced run, got none: run it with { options: { traceLevel: 'FULL_TRACE' }, runMetadata }",
  );
}

/**
 * Converts a traced step to JSON for Chrome's `chrome://tracing` and https://ui.perfetto.dev, and optionally writes it
 * to a file.
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
