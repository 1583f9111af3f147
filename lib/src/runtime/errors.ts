/**
 * TensorFlow's error classes, one for each status code of its runtime. Errors that this library finds before it calls
 * the runtime use the same classes, so a caller distinguishes kinds of failure, not who noticed.
 */

/**
 * An error of TensorFlow's runtime, or one found on its behalf.
 *
 * @example
 * try {
 *   await saver.restore(session, 'summaries/none/model.ckpt-1');
 * } catch (error) {
 *   if (!(error instanceof tf.errors.NotFoundError)) throw error;
 *   error.code; // 5
 * }
 */
export class TensorFlowError extends Error {
  /** The status code, as TensorFlow numbers them. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The operation was cancelled, for example by closing its session. */
export class CancelledError extends TensorFlowError {
  constructor(message: string) {
    super(message, 1);
  }
}
/** An error of no other class. */
export class UnknownError extends TensorFlowError {
  constructor(message: string) {
    super(message, 2);
  }
}
/**
 * An argument that can't be right: a shape, a dtype, a name, a feed.
 *
 * @example
 * try {
 *   tf.matmul(images, images);
 * } catch (error) {
 *   error instanceof tf.errors.InvalidArgumentError; // true
 * }
 */
export class InvalidArgumentError extends TensorFlowError {
  constructor(message: string) {
    super(message, 3);
  }
}
/** The time given ran out before the operation finished. */
export class DeadlineExceededError extends TensorFlowError {
  constructor(message: string) {
    super(message, 4);
  }
}
/** Something named doesn't exist: an operation, a file, a tensor of a checkpoint. */
export class NotFoundError extends TensorFlowError {
  constructor(message: string) {
    super(message, 5);
  }
}
/** Something to be made exists already. */
export class AlreadyExistsError extends TensorFlowError {
  constructor(message: string) {
    super(message, 6);
  }
}
/** The caller may not do this, for example write to that folder. */
export class PermissionDeniedError extends TensorFlowError {
  constructor(message: string) {
    super(message, 7);
  }
}
/** Memory, disk or another resource ran out. */
export class ResourceExhaustedError extends TensorFlowError {
  constructor(message: string) {
    super(message, 8);
  }
}
/** The system isn't in the state that the operation needs: a variable not yet initialized, a closed session. */
export class FailedPreconditionError extends TensorFlowError {
  constructor(message: string) {
    super(message, 9);
  }
}
/** The operation was aborted, typically by a conflict with another one. */
export class AbortedError extends TensorFlowError {
  constructor(message: string) {
    super(message, 10);
  }
}
/** The operation went past a valid range, such as a queue's end. */
export class OutOfRangeError extends TensorFlowError {
  constructor(message: string) {
    super(message, 11);
  }
}
/** The operation has no implementation for this device or these types. */
export class UnimplementedError extends TensorFlowError {
  constructor(message: string) {
    super(message, 12);
  }
}
/** An invariant of the runtime is broken. */
export class InternalError extends TensorFlowError {
  constructor(message: string) {
    super(message, 13);
  }
}
/** A service can't be reached at present. */
export class UnavailableError extends TensorFlowError {
  constructor(message: string) {
    super(message, 14);
  }
}
/** Data was lost or is corrupt. */
export class DataLossError extends TensorFlowError {
  constructor(message: string) {
    super(message, 15);
  }
}
/** The request carries no valid credentials. */
export class UnauthenticatedError extends TensorFlowError {
  constructor(message: string) {
    super(message, 16);
  }
}

const classes: Record<number, new (message: string) => TensorFlowError> = {
  1: CancelledError,
  2: UnknownError,
  3: InvalidArgumentError,
  4: DeadlineExceededError,
  5: NotFoundError,
  6: AlreadyExistsError,
  7: PermissionDeniedError,
  8: ResourceExhaustedError,
  9: FailedPreconditionError,
  10: AbortedError,
  11: OutOfRangeError,
  12: UnimplementedError,
  13: InternalError,
  14: UnavailableError,
  15: DataLossError,
  16: UnauthenticatedError,
};

/**
 * The error of a status code (not 0, which is success) with a message.
 *
 * @example
 * tf.errors.errorOf(5, 'no such file') instanceof tf.errors.NotFoundError; // true
 */
export function errorOf(code: number, message: string): TensorFlowError {
  return new (classes[code] ?? UnknownError)(message);
}
