import { Command } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keysOf } from '../models/basicAgent';
import { type Key, kindOf } from '../models/configuration';
import { getModelClass, modelNames } from '../models/registry';
import { addModelFlags, configFromFlags } from './modelFlags';

/** The configuration that some words say. */
function parse(words: string[]): object {
  const command = addModelFlags(new Command('test'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(words, { from: 'user' });
  return configFromFlags(command);
}

/** Values that are right for a key. */
function valuesOf(name: string, type: Key): fc.Arbitrary<unknown> {
  switch (kindOf(type)) {
    case 'number':
      // Right for every key of a number: a whole number, or a fraction where that is one.
      return type.default !== undefined && Number(type.default) % 1 !== 0
        ? fc.double({ min: 1e-6, max: 1, noNaN: true })
        : fc.constant(1);
    case 'boolean':
      return fc.constant(true); // there is no flag that says false
    case 'picklist':
      return fc.constant(type.default);
    case 'string':
      return fc.string({ minLength: 1 }).map((text) => `${name}/${text}`);
  }
}

const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

describe.each(modelNames())('the flags of %s', (modelName) => {
  const keys: Record<string, Key> = keysOf(getModelClass(modelName));
  const { resultDir: _, ...others } = keys; // a folder may have a run
  const configs = fc.record(
    Object.fromEntries(Object.entries(others).map(([name, type]) => [name, valuesOf(name, type)])),
    { requiredKeys: [] },
  );

  it('say what a configuration does, in any order', () => {
    fc.assert(
      fc.property(configs, fc.boolean(), (config, reversed) => {
        const flags = Object.entries(config).map(([name, value]) =>
          value === true ? [flagOf(name)] : [flagOf(name), `${value}`],
        );
        if (reversed) flags.reverse();
        expect(parse(['--model-name', modelName, ...flags.flat()])).toEqual({ modelName, ...config });
      }),
      { numRuns: 50 },
    );
  });

  it('take the numbers that their keys do, and no other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.string()), (value) => {
        const words = ['--model-name', modelName, '--lr', `${value}`];
        const number = `${value}`.trim() === '' ? Number.NaN : Number(value);
        if (number > 0 && number < Number.POSITIVE_INFINITY) expect(parse(words)).toEqual({ modelName, lr: number });
        else expect(() => parse(words)).toThrow('It must be a number above 0.');
      }),
    );
  });
});

it('the short name of the flag of the model is --model', () => {
  expect(parse(['--model', 'convnet'])).toEqual({ modelName: 'convnet' });
});
