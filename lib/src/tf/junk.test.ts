/** What a program in JavaScript gives by mistake: nothing of it ends the process, and nothing is left to koffi to say. */
import { expect, it } from 'vitest';
import * as tf from '.';

const junk = () => [
  null,
  undefined,
  Number.NaN,
  -1,
  {},
  [],
  'x',
  Symbol('s'),
  1n,
  () => 1,
  true,
  [null],
  [undefined],
  [{}],
  new Proxy({}, {}),
  new Date(),
  new tf.Graph().asDefault(() => tf.constant(1)),
];

/** What has no arguments of its own to look at, or puts what it is given somewhere that other tests look at. */
const others = new Set(['resetDefaultGraph', 'registerGradient', 'variableFromProto']);

/** Errors of JavaScript's own that a user can't make sense of. */
const riddle =
  /^(Cannot (read|destructure|convert)|.* is not (a function|iterable|a constructor)|Unexpected .* value|Expected .* arguments)/;

const namespaces = { tf, 'tf.nn': tf.nn, 'tf.train': tf.train, 'tf.summary': tf.summary } as const;
const functions = Object.entries(namespaces).flatMap(([prefix, namespace]) =>
  Object.entries(namespace)
    .filter(([name, value]) => typeof value === 'function' && !others.has(name))
    .map(([name, value]) => [`${prefix}.${name}`, value as (...parameters: unknown[]) => unknown] as const),
);

/** Functions of which some junk is still left to JavaScript to complain of. */
const unfinished: ReadonlySet<string> = new Set([]);

it('no function of tf leaves junk to JavaScript or to koffi to complain of', async () => {
  const riddles: string[] = [];
  for (const [name, call] of functions) {
    if (unfinished.has(name)) continue;
    const isClass = /^class/.test(Function.prototype.toString.call(call));
    const construct = call as unknown as new (...parameters: unknown[]) => unknown;
    for (const value of junk()) {
      tf.resetDefaultGraph();
      const one = tf.constant(1);
      for (const parameters of [[value], [value, value], [one, value], [value, one], [one, 1, value]]) {
        try {
          const result = isClass ? new construct(...parameters) : call(...parameters);
          await Promise.resolve(result).catch(() => {});
        } catch (error) {
          if (!(error instanceof tf.errors.TensorFlowError) && riddle.test(String((error as Error)?.message)))
            riddles.push(`${name}: ${(error as Error).message}`);
        }
      }
    }
  }
  expect([...new Set(riddles)]).toEqual([]);
});
