/** The connection file, which tells a kernel where to listen. */
import { readFileSync } from 'node:fs';

export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  /** The path of the connection file. */
  readonly file?: string;
}

const ports = ['shell_port', 'iopub_port', 'control_port', 'stdin_port', 'hb_port'] as const;

/**
 * Reads a connection file.
 *
 * @throws {Error} when it is missing or invalid; the message says why
 */
export function readConnection(file: string): Connection {
  let connection: Partial<Connection> & { signature_scheme?: string };
  try {
    connection = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`can't read the connection file ${file}: ${(error as Error).message}`);
  }
  const missing = ['transport', 'ip', 'key', ...ports].filter((name) => !(name in connection));
  if (missing.length > 0) throw new Error(`${file} is no connection file: it lacks ${missing.join(', ')}`);
  const scheme = connection.signature_scheme ?? 'hmac-sha256';
  if (scheme !== 'hmac-sha256')
    throw new Error(`${file} asks for signatures by ${scheme}; this kernel knows hmac-sha256`);
  return { ...(connection as Connection), file };
}

/** The ZeroMQ address of one channel. */
export function addressOf({ transport, ip }: Connection, port: number): string {
  return transport === 'ipc' ? `ipc://${ip}-${port}` : `${transport}://${ip}:${port}`;
}
