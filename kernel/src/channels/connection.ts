/** The file by which whoever starts a kernel tells it where to listen. */
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
  /** The file itself. */
  readonly file?: string;
}

const ports = ['shell_port', 'iopub_port', 'control_port', 'stdin_port', 'hb_port'] as const;

/**
 * Reads a connection file.
 *
 * @throws {Error} when it isn't there or isn't one, saying what is wrong with it
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

/** The address of one of a connection's channels. */
export function addressOf({ transport, ip }: Connection, port: number): string {
  return transport === 'ipc' ? `ipc://${ip}-${port}` : `${transport}://${ip}:${port}`;
}
