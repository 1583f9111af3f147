import { expect, it } from 'vitest';
import { Graph } from '../../graph/graph';
import { constant } from '../../ops/constants';
import { Session } from '../../session';
import { Coordinator } from '../coordination';
import { CheckpointSaverListener } from './hooks';
import { SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues } from './sessionRunHook';

const graph = new Graph();
const one = graph.asDefault(() => constant(1));

it('a context tells what the caller gave, and whether a hook has asked to stop', () => {
  const session = new Session({ graph });
  const context = new SessionRunContext(new SessionRunArgs(one, [[one, 2]]), session);
  expect(context.originalArgs).toMatchObject({ fetches: one, feeds: [[one, 2]], options: null });
  expect(context.session).toBe(session);
  expect(context.stopRequested).toBe(false);
  context.requestStop();
  expect(context.stopRequested).toBe(true);
});

it('hooks and listeners of the base classes do nothing', () => {
  const session = new Session({ graph });
  const context = new SessionRunContext(new SessionRunArgs(one), session);
  const [hook, listener] = [new SessionRunHook(), new CheckpointSaverListener()];
  const given = [
    hook.begin(),
    hook.afterCreateSession(session, new Coordinator()),
    hook.beforeRun(context),
    hook.afterRun(context, new SessionRunValues(1 as never)),
    hook.end(session),
    listener.begin(),
    listener.beforeSave(session, 1),
    listener.afterSave(session, 1),
    listener.end(session, 1),
  ];
  expect(given).toEqual(Array(9).fill(undefined));
  expect(new SessionRunValues(null).runMetadata.bytes).toHaveLength(0);
});
