/** What runs are called: by the hyperparameters in which they differ. */
import type { FlatValue } from '../../hyperparameters/flatConfig';

/** A configuration as a row: hyperparameters by their paths. */
export type FlatConfig = Readonly<Record<string, FlatValue>>;

/** Short forms that the field uses, by the name in small letters without what parts its words. Others stay as they are. */
const SHORT: Readonly<Record<string, string>> = {
  learningrate: 'lr',
  batchsize: 'batch',
  maxsteps: 'steps',
  maxiter: 'steps',
  maxiterations: 'steps',
  numsteps: 'steps',
  maxepochs: 'epochs',
  numepochs: 'epochs',
  randomseed: 'seed',
  keepprobability: 'keep',
  keepprob: 'keep',
  dropoutrate: 'dropout',
  weightdecay: 'wd',
  optimizer: 'opt',
  activation: 'act',
  hiddenunits: 'units',
  nbunits: 'units',
  decayrate: 'decay',
};

/** The folder's name has no more characters of differences than this. */
const MOST_IN_NAME = 80;
/** Nor of one value. */
const MOST_OF_VALUE = 24;

/** Short names of keys, each of one key only: where two would have the same, both keep their own. */
export function shortNames(keys: readonly string[]): Map<string, string> {
  const shortOf = (key: string) => SHORT[key.toLowerCase().replaceAll(/[^a-z0-9]/g, '')] ?? key;
  const count = new Map<string, number>();
  for (const key of keys) for (const name of new Set([key, shortOf(key)])) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map(keys.map((key) => [key, count.get(shortOf(key)) === 1 ? shortOf(key) : key]));
}

/** The keys of which not all configurations have the same value, in the order in which they first come. */
export function differingKeys(configs: readonly FlatConfig[]): string[] {
  const keys = [...new Set(configs.flatMap((config) => Object.keys(config)))];
  return keys.filter((key) => configs.some((config) => !Object.is(config[key], configs[0]![key])));
}

/** What a configuration has for these keys, as people read it: `lr=0.1`, `lr=0.1, hidden1=512`. */
export function differencesText(config: FlatConfig, keys: readonly string[]): string {
  return differences(config, keys).join(', ');
}

/** One that the configuration doesn't have isn't there. */
function differences(config: FlatConfig, keys: readonly string[]): string[] {
  const names = shortNames([...new Set([...keys, ...Object.keys(config)])]);
  return keys.flatMap((key) => (config[key] === undefined ? [] : [`${names.get(key)}=${valueText(config[key])}`]));
}

/** A value in few characters: `0.1`, `1e-5`, `0.3333`, `adam`. */
export function valueText(value: FlatValue): string {
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
  const text = String(value);
  return text.length > MOST_OF_VALUE ? `${text.slice(0, MOST_OF_VALUE - 1)}…` : text;
}

/**
 * What a run's folder has behind its number: the hyperparameters of which a sibling has other values. Nothing where there are none. Every
 * character of it is one that file systems and shells take as it is.
 *
 * @param siblings the configurations of the other runs of that name
 */
export function folderSuffix(config: FlatConfig, siblings: readonly FlatConfig[]): string {
  const keys = differingKeys([config, ...siblings]).filter((key) => config[key] !== undefined);
  const all = differences(config, keys).map((text) =>
    text
      .replaceAll('…', '')
      .replaceAll(/[^\p{L}\p{N}._=+-]+/gu, '-')
      .replace(/[-.]+$/, ''),
  );
  const fitting: string[] = [];
  for (const text of all) if (Buffer.byteLength([...fitting, text].join(',')) <= MOST_IN_NAME) fitting.push(text);
  const left = all.length - fitting.length;
  return [...fitting, ...(left > 0 ? [`+${left}`] : [])].join(',');
}
