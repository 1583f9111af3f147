/** Addresses of servers: `HOST:PORT`. */
import { connect, isIPv4, isIPv6, type Socket } from 'node:net';
import { shown } from './arguments';
import { InvalidArgumentError } from './errors';

/** The address of a server. */
export interface Address {
  /** A name, an IPv4 address, or an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Parses an address.
 *
 * @param what a description, for errors
 * @throws {InvalidArgumentError} when it is not `HOST:PORT`
 */
export function parseAddress(address: string, what: string): Address {
  const [, host, digits] = /^(.*):(\d{1,5})$/s.exec(address) ?? [];
  const port = Number(digits);
  if (host !== undefined && port < 2 ** 16 && isHost(host)) return { host, port };
  const hint = isIPv6(address.replace(/[[\]]/g, '')) ? `; an IPv6 address stands in brackets: [${address}]:2222` : '';
  throw new InvalidArgumentError(`${what} is HOST:PORT, such as 127.0.0.1:2222, not ${shownName(address)}${hint}`);
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return host.endsWith(']') && isIPv6(host.slice(1, -1));
  if (/^[\d.]+$/.test(host)) return isIPv4(host);
  return host.length <= 253 && /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(host);
}

/** Whether a host is this machine's loopback interface. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\..*|\[::1\])$/i.test(host);
}

/** The timeout of a connection attempt, in milliseconds. */
const CONNECTING_MS = 5000;

/** A socket that is connecting to an address. Events report the result; `timeout` if nobody answers. */
export function socketTo({ host, port }: Address): Socket {
  return connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: CONNECTING_MS });
}

/** A name in an error message, shortened if it is very long. */
export const shownName = (name: unknown): string =>
  shown(typeof name === 'string' && name.length > 80 ? `${name.slice(0, 80)}…` : name);
