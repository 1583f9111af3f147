/** For tests: graphs of their own, and sessions on them that are closed at their end. */
import { afterEach } from 'vitest';
import { Graph } from '../tf/graph/graph';
import { Session } from '../tf/session';

/** What `build` gives in a new graph. */
export function within<T>(build: (graph: Graph) => T): T {
  const graph = new Graph();
  return graph.asDefault(() => build(graph));
}

/** A function that gives what `build` does in a new graph, and a session on it until the test ends; to be called where tests are described. */
export function sessionsOn(): <T>(build: (graph: Graph) => T) => [built: T, session: Session] {
  const sessions: Session[] = [];
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
  });
  return (build) =>
    within((graph) => {
      const built = build(graph);
      const session = new Session({ graph });
      sessions.push(session);
      return [built, session];
    });
}

/** The operations of a graph in lines: name, type, and what they take. */
export function nodesOf(graph: Graph): string[] {
  return graph.operations.map(({ name, type, inputs }) => [name, type, ...inputs.map(({ op }) => op.name)].join(' '));
}
