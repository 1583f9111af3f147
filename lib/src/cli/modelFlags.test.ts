import { Command } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AgentClass, keysOf } from '../models/basicAgent';
import {
  type Key,
  type Keys,
  key,
  kindOf,
  notNegative,
  oneOf,
  flag as switched,
  wholeNumber,
} from '../models/configuration';
import { ModelSet } from '../models/knownModels';
import { getModelClass, knownModels, modelNames } from '../models/registry';
import { trials } from '../models/trial';
import { programOf } from './commandLine';
import { ModelFlags } from './modelFlags';

/** The configuration that some words say. */
function parse(words: string[], models: ModelSet = knownModels): object {
  const command = new Command('test').exitOverride().configureOutput({ writeErr: () => {} });
  const flags = new ModelFlags(command, { models, runsFolder: 'results' });
  command.parse(words, { from: 'user' });
  return flags.config();
}

/** What `--help` says of the flags of some models, a line for each. */
function help(models: ModelSet): string[] {
  const command = new Command('test').configureHelp({ helpWidth: 500 });
  new ModelFlags(command, { models, runsFolder: 'results' });
  return command
    .helpInformation()
    .split('\n')
    .map((line) => line.trim().replace(/ {2,}/, '  '));
}

/** Models that have these keys. */
const having = (...all: Keys[]) =>
  new ModelSet(
    all.map((keys, i): AgentClass => {
      return class Mine extends getModelClass('softmax_regression') {
        static override readonly modelName = `mine${i}`;
        static override readonly commonKeys = {};
        static override readonly keys = keys as never;
      } as unknown as AgentClass;
    }),
  );

/** Values that are right for a key. */
function valuesOf(name: string, type: Key): fc.Arbitrary<unknown> {
  switch (kindOf(type)) {
    case 'number':
      // Right for every key of a number: a whole number, or a fraction where that is one.
      return type.default !== undefined && Number(type.default) % 1 !== 0
        ? fc.double({ min: 1e-6, max: 1, noNaN: true })
        : fc.constant(1);
    case 'boolean':
      return fc.boolean();
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
          typeof value === 'boolean' ? [flagOf(value ? name : `no-${name}`)] : [flagOf(name), `${value}`],
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

describe('the flags of models of whatever keys', () => {
  it('say no where yes is the default, and the help shows the one that changes something', () => {
    const models = having({
      shuffle: key(switched, 'shuffle the examples', true),
      centre: key(switched, 'centre them', false),
    });
    expect(parse(['--no-shuffle', '--centre'], models)).toEqual({ shuffle: false, centre: true });
    expect(parse([], models)).toEqual({});
    const lines = help(models);
    expect(lines).toContain('--no-shuffle  not: shuffle the examples (default: true)');
    expect(lines).toContain('--centre  centre them');
    expect(lines.join()).not.toMatch(/ --shuffle|--no-centre/);
  });

  it('have a prefix where a command has a flag of that name, or it would be the opposite of one', () => {
    const models = having({
      step: key(wholeNumber(1), 'a step', 3),
      noBias: key(switched, 'leave biases out', false),
      nb_units: key(wholeNumber(1), 'units'),
    });
    const words = ['--model-step', '2', '--model-no-bias', '--nb-units', '7'];
    expect(parse(words, models)).toEqual({ step: 2, noBias: true, nb_units: 7 });
    expect(help(models)).toContain('--model-step <number>  a step (default: 3)');
  });

  it('have one for every flag that any command has itself', () => {
    const project = (models: ModelSet) => ({
      models,
      runsFolder: 'results',
      trial: trials,
      programOf: () => ({ file: '', words: [] }),
      command: () => '',
    });
    const { commands } = programOf(project(having({})), []);
    const taken = commands.flatMap(({ options }) => options.map((option) => option.attributeName()));
    expect(taken).toEqual(expect.arrayContaining(['saveEvery', 'metric', 'json', 'logdir']));
    const keys = Object.fromEntries(taken.map((name) => [name, key(wholeNumber(1), `about ${name}`)]));
    const names = programOf(project(having(keys)), []).commands.map((command) => command.name());
    expect(names).toHaveLength(commands.length);
    expect(help(having(keys))).toContain('--model-dry-run <number>  about dryRun');
  });

  it('are one where models have a key in common, and take what the chosen model does', () => {
    const size = [key(wholeNumber(1), 'how many', 5), key(oneOf(['small', 'large']), 'how large', 'small')] as const;
    const models = having({ size: size[0], rate: key(notNegative, 'the rate', 1) }, { size: size[1] });
    expect(parse(['--size', '3'], models)).toEqual({ size: 3 });
    expect(parse(['--model', 'mine1', '--size', 'large'], models)).toEqual({ modelName: 'mine1', size: 'large' });
    expect(() => parse(['--model', 'mine1', '--size', '3'], models)).toThrow(
      "error: option '--size <value>' argument '3' is invalid. It must be one of small, large.",
    );
    expect(() => parse(['--size', '-1'], models)).toThrow(
      'It must be a whole number of 1 or more, or one of small, large.',
    );
    expect(() => parse(['--model', 'mine1', '--rate', '2'], models)).toThrow(
      "'--rate <number>' is for --model-name mine0, not mine1",
    );
    expect(help(models)).toContain('--size <value>  mine0: how many; mine1: how large (default: mine0 5, mine1 small)');
  });

  it('are refused where two keys would be one', () => {
    const models = having({ nbUnits: key(wholeNumber(1), 'units'), nb_units: key(wholeNumber(1), 'units') });
    expect(() => parse([], models)).toThrow('the keys nbUnits and nb_units are both the flag --nb-units: rename one');
  });

  it('say where runs go by default', () => {
    const models = new ModelSet([getModelClass('convnet')] as unknown as AgentClass[]);
    expect(help(models)).toContain(
      '--result-dir <folder>  where summaries and checkpoints go (default: a new folder in results)',
    );
    expect(help(models)).toContain('--model, --model-name <name>  the model (default: convnet) (choices: "convnet")');
  });
});
