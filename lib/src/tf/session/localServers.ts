/**
 * The TensorFlow servers of this process, by their targets. A session on one of them calls it without the network, and libtensorflow keeps to the
 * first that had a target: also when it was stopped, and another listens there.
 */

/** A server of this process. */
export interface LocalServer {
  /** Whether it was stopped: libtensorflow would run sessions of this process on it all the same. */
  isStopped: boolean;
  /** The other tasks of its cluster, by their names, and the addresses where they are to be. */
  readonly others: ReadonlyMap<string, string>;
}

const servers = new Map<string, LocalServer>();

/** Takes note of a server that was made. */
export function addLocalServer(target: string, others: ReadonlyMap<string, string>): LocalServer {
  const server = { isStopped: false, others };
  if (!servers.has(target)) servers.set(target, server);
  return server;
}

/** The server of this process that libtensorflow finds by a target without the network. */
export function localServerAt(target: string): LocalServer | undefined {
  const server = servers.get(target);
  return server?.isStopped ? undefined : server;
}

/** How to say a target to libtensorflow so that a server of this process that was stopped isn't taken for it. */
export function nativeTarget(target: string): string {
  return servers.get(target)?.isStopped ? target.replace(/:(\d+)$/, ':0$1') : target;
}
