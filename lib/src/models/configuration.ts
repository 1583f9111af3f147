/**
 * Configurations: the hyperparameters and settings of a model as a plain object, described by a table of keys. The
 * table determines the configuration's type, its defaults, its validation, and its command-line flags.
 */

import { inspect } from 'node:util';
import * as v from 'valibot';
import { checkArray, checkText, isAddress, shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { didYouMean, unquoted } from '../runtime/nearest';

/** A placeholder for a value in a type; it doesn't exist at run time. */
declare const value: unique symbol;

/** The type of a value. All of its checks have the same message: what would be valid, in words. */
export interface KeyType<T> {
  readonly [value]: T;
}

/** A key of a configuration. */
export interface Key<T = unknown, D extends T | undefined = T | undefined> {
  readonly [value]: T;
  /** Its default value. */
  readonly default: D;
}

/** The keys of a model's configuration, by name. */
export type Keys = Readonly<Record<string, Key>>;

// Both are valibot schemas. Its types aren't exposed, because every notebook that imports the library would have to
// read 600 kB of them.
const keyType = <T>(schema: v.GenericSchema<T>) => schema as unknown as KeyType<T>;
const schemaOf = (type: KeyType<unknown>) => type as unknown as v.GenericSchema;
const schemaOfKey = (key: Key) => key as unknown as v.OptionalSchema<v.GenericSchema, unknown>;

const numberThat = (right: string, holds: (value: number) => boolean): KeyType<number> =>
  keyType(v.pipe(v.number(right), v.check(holds, right)));

/**
 * Any finite number.
 *
 * @example
 * models.key(models.real, 'the mean of the initial weights', 0);
 */
export const real = numberThat('a number', Number.isFinite);

/**
 * A number above 0.
 *
 * @example
 * models.key(models.positive, 'the learning rate', 0.01);
 */
export const positive = numberThat('a number above 0', (value) => value > 0 && value < Number.POSITIVE_INFINITY);

/**
 * A number that is not negative.
 *
 * @example
 * models.key(models.notNegative, 'the weight of the L2 loss', 0);
 */
export const notNegative = numberThat('a number of 0 or more', (value) => value >= 0 && Number.isFinite(value));

/**
 * A number above 0 and at most 1.
 *
 * @example
 * models.key(models.fraction, 'the probability to keep a unit', 0.5);
 */
export const fraction = numberThat('a number above 0 and up to 1', (value) => value > 0 && value <= 1);

/**
 * An integer of at least `least`.
 *
 * @example
 * models.key(models.wholeNumber(1), 'examples in a batch', 100);
 */
export const wholeNumber = (least: number): KeyType<number> =>
  numberThat(`a whole number of ${String(least)} or more`, (value) => Number.isSafeInteger(value) && value >= least);

/**
 * `true` or `false`.
 *
 * @example
 * models.key(models.flag, 'whether to normalize', false);
 */
export const flag: KeyType<boolean> = keyType(v.boolean('true or false'));

/**
 * A non-empty string.
 *
 * @example
 * models.key(models.text, 'the title of the charts', 'digits');
 */
export const text: KeyType<string> = keyType(v.pipe(v.string('a text'), v.nonEmpty('a text')));

const PATH = 'a path on this machine';

/**
 * The path of a file or folder, not an address such as `gs://bucket/run`.
 *
 * @example
 * models.key(models.path, 'the folder of the data', 'data');
 */
export const path: KeyType<string> = keyType(
  v.pipe(
    v.string(PATH),
    v.nonEmpty(PATH),
    v.check((value) => !isAddress(value), PATH),
  ),
);

/**
 * One of several names.
 *
 * @example
 * models.key(models.oneOf(['sgd', 'adam']), 'the optimizer', 'sgd');
 */
export const oneOf = <const N extends string>(names: readonly N[]): KeyType<N> => {
  checkArray('the names', names);
  return keyType(v.picklist(names, `one of ${names.map(String).join(', ')}`));
};

/**
 * Defines a key of a configuration. `otherwise` is its default value; without one, the key is optional.
 *
 * @param description the description in `--help`
 *
 * @example
 * const { key, positive, oneOf } = models;
 * const keys = { lr: key(positive, 'the learning rate', 0.01), optimizer: key(oneOf(['sgd', 'adam']), 'the optimizer', 'sgd') };
 */
export function key<T>(type: KeyType<T>, description: string): Key<T, undefined>;
export function key<T, D extends T>(type: KeyType<T>, description: string, otherwise: D): Key<T, T>;
export function key(type: KeyType<unknown>, description: string, otherwise?: unknown): Key {
  checkText('what a key is for', description);
  return v.optional(v.pipe(schemaOf(type), v.description(description)), otherwise) as unknown as Key;
}

/** The keys that every model has. */
export const commonKeys = {
  /** Takes the best hyperparameters known of the model where nothing else is said. */
  best: key(flag, 'use the best known hyperparameters of the model, unless other flags set them', false),
  /** Prints the configuration and every save. */
  debug: key(flag, 'print the configuration and every save', false),
  /**
   * Makes weights and batches the same at every run.
   *
   * @defaultValue drawn
   */
  randomSeed: key(wholeNumber(0), 'makes weights and batches the same in every run; random by default'),
  /** Runs in one thread, so that sums are added in one order. */
  deterministic: key(flag, 'run in one thread, so that sums are always computed in the same order', false),
  /**
   * Where summaries and checkpoints go.
   *
   * @defaultValue a new folder in `summaries`
   */
  resultDir: key(path, 'where summaries and checkpoints go'),
} satisfies Keys;

/**
 * The values described by keys; those of keys without a default are optional. The comments of keys appear on their
 * values.
 */
export type ValuesOf<K extends Keys> = Values<K, Exclude<keyof K, Open<K>>> & Partial<Values<K, Open<K>>>;

type Values<K extends Keys, N extends keyof K> = { [Name in N]: ValueOf<K[Name]> };

/** The keys without a default. */
type Open<K extends Keys> = { [Name in keyof K]: undefined extends ValueOf<K[Name]> ? Name : never }[keyof K];

type ValueOf<K extends Key> = undefined extends K['default'] ? K[typeof value] | undefined : K[typeof value];

/** The keys shared by the configurations of all models. */
export interface BasicConfig extends ValuesOf<typeof commonKeys> {
  /** The steps to have taken at the end, those before a checkpoint included. */
  readonly maxIter: number;
  /** The learning rate. */
  readonly lr?: number | undefined;
}

/** A model's configuration with everything decided that was left open. */
export type Complete<C extends BasicConfig> = Readonly<C> & { readonly randomSeed: number; readonly resultDir: string };

/**
 * Completes and validates a configuration: returns a deep copy of `config` with defaults for omitted (or `undefined`)
 * keys.
 *
 * @param modelName the model's name, for errors
 * @param keys all allowed keys
 * @param known values that take precedence over the defaults
 * @throws {InvalidArgumentError} when a key is unknown, or its value is invalid
 *
 * @example
 * parseConfig<{ lr: number; keepProb: number }>('convnet', models.Convnet.keys, { lr: 0.01 }).keepProb; // 0.5
 */
export function parseConfig<C>(modelName: string, keys: Keys, config: unknown, known: object = {}): C {
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw new InvalidArgumentError(`expected a configuration of ${modelName}, an object, got ${shown(config)}`);
  const names = Object.keys(keys);
  const unknown = Object.keys(config).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(noSuchKey(modelName, unknown, names));
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const schemas = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, schemaOfKey(key)]));
  const result = v.safeParse(v.object(schemas), { ...known, ...Object.fromEntries(given) }, { abortEarly: true });
  if (!result.success) throw new InvalidArgumentError(wrongValue(result.issues[0]));
  return structuredClone(result.output) as C;
}

/** What would be valid for a key, in words, if `value` isn't; otherwise undefined. */
export function objection(type: Key, value: unknown): string | undefined {
  const result = v.safeParse(schemaOfKey(type), value, { abortEarly: true });
  return result.success ? undefined : result.issues[0].message;
}

/** The kind of a key's values; `picklist` for one of several names. */
export function kindOf(type: Key): 'number' | 'boolean' | 'string' | 'picklist' {
  return schemaOfKey(type).wrapped.type as ReturnType<typeof kindOf>;
}

/** The description of a key. */
export function describeKey(type: Key): string {
  return v.getDescription(schemaOfKey(type).wrapped) ?? '';
}

function noSuchKey(modelName: string, name: string, names: readonly string[]): string {
  const guess = didYouMean(name, names, {
    before: ': ',
    otherwise: `: its keys are ${names.join(', ')}`,
    as: unquoted,
  });
  return `a configuration of ${modelName} has no key ${name}${guess}`;
}

function wrongValue({ path, input, message }: v.BaseIssue<unknown>): string {
  return `expected ${path?.map(({ key }) => key).join('.')} to be ${message}, got ${inspect(input, { breakLength: Number.POSITIVE_INFINITY, compact: true })}`;
}
