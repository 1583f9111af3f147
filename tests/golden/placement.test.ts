/** Where operations run in a cluster, against Python's TensorFlow 1: `extract_placement.py` says how the lines were made. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { linesOf, networks } from './placement';

/** What only Python has: a constant that nothing uses. */
const ONLY_PYTHONS = /^xentropy\/Shape$/;

/** What only this library has: initializers that read what other initializers give. */
const ONLY_OURS = /_init$/;

/** In Python a node that can't be where it is asked to be: it is colocated with one on another machine. */
const MISPLACED = /^cond_2\/read\/Switch_twice$/;

/** The lines of nodes by their names; the order of inputs doesn't matter, nor which of the gradients nobody needs are waited for. */
function byName(lines: readonly string[], except: RegExp): Map<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [name, type, device, classes, ...inputs] = line.split(' ') as [string, string, string, string, ...string[]];
      if (except.test(name) || MISPLACED.test(name)) return [];
      const known = name.endsWith('/tuple/group_deps')
        ? []
        : inputs.map((input) => input.replace(/^(\^.*)_init$/, '$1'));
      return [[name, [type, device, classes, ...known.sort()].join(' ')]];
    }),
  );
}

describe('replicaDeviceSetter', () => {
  it.each(Object.keys(networks) as (keyof typeof networks)[])('puts each node of %s where Python does', (name) => {
    const file = path.join(__dirname, 'placement', `${name}.json`);
    const golden: string[] = JSON.parse(readFileSync(file, 'utf8'));
    expect(byName(linesOf(name), ONLY_OURS)).toEqual(byName(golden, ONLY_PYTHONS));
  });
});
