import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph';
import { Session } from '../session';
import { constant } from './constants';
import { group, noOp, tuple, withDependencies } from './control';
import { assignAdd, globalVariablesInitializer, Variable } from './variables';

/** A counter, and what is built beside it. */
function counting<T>(build: (count: Variable<'float32', 'scalar'>) => T) {
  const graph = new Graph();
  return graph.asDefault(() => {
    const count = new Variable(0);
    const built = build(count);
    const session = new Session({ graph });
    session.runSync(globalVariablesInitializer());
    return { session, count, built };
  });
}

describe('withDependencies', () => {
  it('gives the tensor once the others have run', () => {
    const { session, count, built } = counting((count) => withDependencies([assignAdd(count, 1)], constant(5)));
    expect([session.runSync(built), session.runSync(count)]).toEqual([5, 1]);
    expect(built.op.colocationGroups()).toEqual(['loc:@Const']);
  });
});

describe('tuple', () => {
  it('gives no tensor before all are computed, and null for null', () => {
    const { session, count, built } = counting((count) => tuple([constant(3), null, assignAdd(count, 2).value()]));
    const [three, nothing] = built;
    expect(nothing).toBeNull();
    expect([session.runSync(three), session.runSync(count)]).toEqual([3, 2]);
  });
});

describe('group', () => {
  it('runs everything', () => {
    const { session, count, built } = counting((count) => group([assignAdd(count, 1), noOp()]));
    expect(session.runSync(built)).toBeNull();
    expect(session.runSync(count)).toBe(1);
    expect(() => group([3 as never])).toThrow('group takes operations and tensors, not 3');
  });
});
