import { expect, it } from 'vitest';
import * as errors from './errors';

it.each([
  [1, errors.CancelledError],
  [2, errors.UnknownError],
  [3, errors.InvalidArgumentError],
  [4, errors.DeadlineExceededError],
  [5, errors.NotFoundError],
  [6, errors.AlreadyExistsError],
  [7, errors.PermissionDeniedError],
  [8, errors.ResourceExhaustedError],
  [9, errors.FailedPreconditionError],
  [10, errors.AbortedError],
  [11, errors.OutOfRangeError],
  [12, errors.UnimplementedError],
  [13, errors.InternalError],
  [14, errors.UnavailableError],
  [15, errors.DataLossError],
  [16, errors.UnauthenticatedError],
])('TensorFlow’s code %i is an error of its own class, which knows its code and its name', (code, type) => {
  const error = errors.errorOf(code, 'what happened');
  expect(error).toBeInstanceOf(type);
  expect(error).toBeInstanceOf(errors.TensorFlowError);
  expect([error.code, error.name, error.message]).toEqual([code, type.name, 'what happened']);
  expect(errors.exceptionTypeFromErrorCode(code)).toBe(type);
  expect(errors.errorCodeFromExceptionType(type)).toBe(code);
});

it('what is no code and no class of its errors is refused', () => {
  expect(() => errors.exceptionTypeFromErrorCode(0)).toThrow('no errors have the status code 0');
  expect(() => errors.errorCodeFromExceptionType(RangeError)).toThrow('class RangeError is none of tf.errors');
  expect(() => errors.errorCodeFromExceptionType(undefined as never)).toThrow('undefined is none of tf.errors');
});

it('a code that TensorFlow doesn’t have is an unknown error', () => {
  expect(errors.errorOf(99, 'odd')).toBeInstanceOf(errors.UnknownError);
});
