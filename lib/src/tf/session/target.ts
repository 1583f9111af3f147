/** Parses the targets of sessions. */
import { type Address, parseAddress, shownName } from '../../runtime/address';
import { InvalidArgumentError } from '../../runtime/errors';

/**
 * The address of a target.
 *
 * @throws {InvalidArgumentError} when it is not `grpc://HOST:PORT`
 */
export function parseTarget(target: string): Address {
  if (!target.startsWith('grpc://'))
    throw new InvalidArgumentError(
      `the target of a session is grpc://HOST:PORT, such as grpc://127.0.0.1:2222, not ${shownName(target)}`,
    );
  return parseAddress(target.slice('grpc://'.length), 'what follows grpc:// in the target of a session');
}
