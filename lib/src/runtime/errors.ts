/**
 * TensorFlow's error classes, one per status code of its runtime. Errors that this library detects before calling the
 * runtime use the same classes, so callers can distinguish kinds of failure regardless of who detected them.
 */

/**
 * An error of TensorFlow's runtime, or one that this library detects on its behalf.
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
  /** The status code, in TensorFlow's numbering. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The operation was cancelled, for example by closing its session. */
export class CancelledError extends TensorFlowError {
  static readonly code = 1;
  constructor(message: string) {
    super(message, CancelledError.code);
  }
}

/** An error that belongs to no other class. */
export class UnknownError extends TensorFlowError {
  static readonly code = 2;
  constructor(message: string) {
    super(message, UnknownError.code);
  }
}

/**
 * An invalid argument: a shape, a dtype, a name, a feed.
 *
 * @example
 * try {
 *   tf.matmul(weights, weights);
 * } catch (error) {
 *   error instanceof tf.errors.InvalidArgumentError; // true
 * }
 */
export class InvalidArgumentError extends TensorFlowError {
  static readonly code = 3;
  constructor(message: string) {
    super(message, InvalidArgumentError.code);
  }
}

/** The time limit expired before the operation finished. */
export class DeadlineExceededError extends TensorFlowError {
  static readonly code = 4;
  constructor(message: string) {
    super(message, DeadlineExceededError.code);
  }
}

/** Something doesn't exist: an operation, a file, a tensor of a checkpoint. */
export class NotFoundError extends TensorFlowError {
  static readonly code = 5;
  constructor(message: string) {
    super(message, NotFoundError.code);
  }
}

/** Something that was to be created already exists. */
export class AlreadyExistsError extends TensorFlowError {
  static readonly code = 6;
  constructor(message: string) {
    super(message, AlreadyExistsError.code);
  }
}

/** The caller lacks a permission, for example to write to a folder. */
export class PermissionDeniedError extends TensorFlowError {
  static readonly code = 7;
  constructor(message: string) {
    super(message, PermissionDeniedError.code);
  }
}

/** Memory, disk or another resource ran out. */
export class ResourceExhaustedError extends TensorFlowError {
  static readonly code = 8;
  constructor(message: string) {
    super(message, ResourceExhaustedError.code);
  }
}

/** The system isn't in the state that the operation requires: an uninitialized variable, a closed session. */
export class FailedPreconditionError extends TensorFlowError {
  static readonly code = 9;
  constructor(message: string) {
    super(message, FailedPreconditionError.code);
  }
}

/** The operation was aborted, typically by a conflict with another one. */
export class AbortedError extends TensorFlowError {
  static readonly code = 10;
  constructor(message: string) {
    super(message, AbortedError.code);
  }
}

/** The operation went past a valid range, such as the end of a queue. */
export class OutOfRangeError extends TensorFlowError {
  static readonly code = 11;
  constructor(message: string) {
    super(message, OutOfRangeError.code);
  }
}

/** The operation has no implementation for this device or these types. */
export class UnimplementedError extends TensorFlowError {
  static readonly code = 12;
  constructor(message: string) {
    super(message, UnimplementedError.code);
  }
}

/** An invariant of the runtime is broken. */
export class InternalError extends TensorFlowError {
  static readonly code = 13;
  constructor(message: string) {
    super(message, InternalError.code);
  }
}

/** A service is currently unreachable. */
export class UnavailableError extends TensorFlowError {
  static readonly code = 14;
  constructor(message: string) {
    super(message, UnavailableError.code);
  }
}

/** Data was lost or is corrupt. */
export class DataLossError extends TensorFlowError {
  static readonly code = 15;
  constructor(message: string) {
    super(message, DataLossError.code);
  }
}

/** The request carries no valid credentials. */
export class UnauthenticatedError extends TensorFlowError {
  static readonly code = 16;
  constructor(message: string) {
    super(message, UnauthenticatedError.code);
  }
}

const classes = new Map<number, new (message: string) => TensorFlowError>(
  [
    CancelledError,
    UnknownError,
    InvalidArgumentError,
    DeadlineExceededError,
    NotFoundError,
    AlreadyExistsError,
    PermissionDeniedError,
    ResourceExhaustedError,
    FailedPreconditionError,
    AbortedError,
    OutOfRangeError,
    UnimplementedError,
    InternalError,
    UnavailableError,
    DataLossError,
    UnauthenticatedError,
  ].map((type) => [type.code, type]),
);

/**
 * The error class of a status code.
 *
 * @throws {InvalidArgumentError} when no class has that code
 *
 * @example
 * tf.errors.exceptionTypeFromErrorCode(11) === tf.errors.OutOfRangeError; // true
 */
export function exceptionTypeFromErrorCode(code: number): new (message: string) => TensorFlowError {
  const type = classes.get(code);
  if (type === undefined) throw new InvalidArgumentError(`no errors have the status code ${code}`);
  return type;
}

/**
 * The status code of an error class.
 *
 * @throws {InvalidArgumentError} when it is not a class of TensorFlow's errors
 *
 * @example
 * tf.errors.errorCodeFromExceptionType(tf.errors.OutOfRangeError); // 11
 */
export function errorCodeFromExceptionType(type: abstract new (...parameters: never) => Error): number {
  for (const [code, known] of classes) if (known === type) return code;
  const given = typeof type === 'function' ? `class ${(type as { name: string }).name}` : String(type);
  throw new InvalidArgumentError(`${given} is none of tf.errors`);
}

/**
 * Creates the error of a status code (not 0, which means success) with a message.
 *
 * @example
 * tf.errors.errorOf(5, 'no such file') instanceof tf.errors.NotFoundError; // true
 */
export function errorOf(code: number, message: string): TensorFlowError {
  return new (classes.get(code) ?? UnknownError)(message);
}
