/**
 * The TensorFlow servers of this process, by target. A session on one of them bypasses the network, and libtensorflow
 * always uses the first server that had a target, even if that was stopped and another one listens there now.
 */

/** A server of this process. */
export interface LocalServer {
  /** Whether it was stopped. libtensorflow would run sessions of this process on it anyway. */
  isStopped: boolean;
  /** The other tasks of its cluster, by name, and their addresses. */
  readonly others: ReadonlyMap<string, string>;
}

const servers = new Map<string, LocalServer>();

/** Registers a new server. */
export function addLocalServer(target: string, others: ReadonlyMap<string, string>): LocalServer {
  const server = { isStopped: false, others };
  if (!servers.has(target)) servers.set(target, server);
  return server;
}

/** The server of this process that libtensorflow uses for a target without the network. */
export function localServerAt(target: string): LocalServer | undefined {
  const server = servers.get(target);
  return server?.isStopped ? undefined : server;
}

/** A spelling of a target for libtensorflow that it doesn't mistake for a stopped server of this process. */
export function nativeTarget(target: string): string {
  return servers.get(target)?.isStopped ? target.replace(/:(\d+)$/, ':0$1') : target;
}
