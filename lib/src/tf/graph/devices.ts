/** Device specifications: `/job:worker/replica:0/task:1/device:GPU:0`, any part of which may be missing. */
import { InvalidArgumentError } from '../../runtime/errors';

interface DeviceSpec {
  job?: string;
  replica?: string;
  task?: string;
  /** The type and the index, such as `CPU:0`. */
  device?: string;
}

function parse(text: string): DeviceSpec {
  const spec: DeviceSpec = {};
  for (const part of text.split('/').filter(Boolean)) {
    const match =
      /^(job):([A-Za-z_][\w-]*)$|^(replica|task):(\d+|\*)$|^device:([A-Za-z_]+)(?::(\d+|\*))?$|^(cpu|gpu|tpu)(?::(\d+|\*))?$/i.exec(
        part,
      );
    if (match === null)
      throw new InvalidArgumentError(
        `'${text}' is no device: '${part}' is none of job:NAME, replica:N, task:N, device:TYPE:N, cpu:N, gpu:N`,
      );
    const [, job, jobName, counted, count, type, index, short, shortIndex] = match;
    if (job) spec.job = jobName!;
    else if (counted) spec[counted.toLowerCase() as 'replica' | 'task'] = count!;
    else spec.device = `${(type ?? short ?? '').toUpperCase()}:${index ?? shortIndex ?? '*'}`;
  }
  return spec;
}

/**
 * The device of an inner scope within an outer one: what the inner one leaves open is the outer one's.
 *
 * @throws {InvalidArgumentError} when `inner` is no device specification
 */
export function mergeDevices(outer: string, inner: string): string {
  const spec = { ...parse(outer), ...parse(inner) };
  const part = (name: 'job' | 'replica' | 'task') => (spec[name] === undefined ? '' : `/${name}:${spec[name]}`);
  return `${part('job')}${part('replica')}${part('task')}${spec.device ? `/device:${spec.device}` : ''}`;
}
