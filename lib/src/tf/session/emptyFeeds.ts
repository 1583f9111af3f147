/**
 * Rejects empty arrays that would crash the process. oneDNN's gradient of max pooling, which TensorFlow uses if oneDNN is
 * enabled, crashes for zero images (in TensorFlow 2.15); TensorFlow's own implementation returns an empty gradient.
 */
import { InvalidArgumentError } from '../../runtime/errors';
import { sizeOf } from '../../runtime/hostArray';
import type { Operation } from '../graph/operation';
import { sameTensor, type Tensor } from '../graph/tensor';
import type { Feed } from './feeds';
import type { FetchPlan } from './fetches';

const FATAL = 'MaxPoolGrad';

/** @throws {InvalidArgumentError} when a fetch needs such a gradient of images that depend on an empty feed */
export function checkEmptyFeeds(plan: FetchPlan, feeds: readonly Feed[]): void {
  const empty = feeds.find(({ array }) => sizeOf(array.shape) === 0);
  if (empty === undefined || process.env.TF_ENABLE_ONEDNN_OPTS === '0') return;
  const isFed = (tensor: Tensor) => feeds.some((feed) => sameTensor(feed.tensor, tensor));
  const needed = behind(
    [...plan.tensors.filter((tensor) => !isFed(tensor)).map(({ op }) => op), ...plan.targets],
    isFed,
  );
  for (const operation of needed) {
    if (operation.type !== FATAL) continue;
    const images = operation.inputs[0]!;
    const { tensor } = empty;
    const reaches = (op: Operation) => op.inputs.some((input) => sameTensor(input, tensor));
    if (isFed(images) ? !sameTensor(images, tensor) : ![...behind([images.op], isFed)].some(reaches)) continue;
    throw new InvalidArgumentError(
      `the gradient '${operation.name}' needs at least one image, and an empty array is fed for '${tensor.name}'`,
    );
  }
}

/** Some operations and everything that they depend on, except for what is fed. */
function behind(operations: readonly Operation[], isFed: (tensor: Tensor) => boolean): Set<Operation> {
  const found = new Set(operations);
  for (const operation of found) {
    for (const input of operation.inputs) if (!isFed(input)) found.add(input.op);
    for (const before of operation.controlInputs) found.add(before);
  }
  return found;
}
