/** What the system says about a file, as TensorFlow's error of that kind. */
import {
  FailedPreconditionError,
  NotFoundError,
  PermissionDeniedError,
  ResourceExhaustedError,
  TensorFlowError,
  UnknownError,
} from '../runtime/errors';

const classes: Record<string, new (message: string) => TensorFlowError> = {
  ENOENT: NotFoundError,
  EACCES: PermissionDeniedError,
  EPERM: PermissionDeniedError,
  EROFS: PermissionDeniedError,
  ENOSPC: ResourceExhaustedError,
  EDQUOT: ResourceExhaustedError,
  EMFILE: ResourceExhaustedError,
  ENOTDIR: FailedPreconditionError,
  EISDIR: FailedPreconditionError,
  EEXIST: FailedPreconditionError,
};

/** The error that tells what could not be done, and why; one of ours is already such an error. */
export function fileError(what: string, error: unknown): TensorFlowError {
  if (error instanceof TensorFlowError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new (classes[code] ?? UnknownError)(`${what}: ${message}`);
}
