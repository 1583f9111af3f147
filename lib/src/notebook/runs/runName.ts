/** Names runs by the hyperparameters in which they differ. */
import type { FlatValue } from '../../hyperparameters/flatConfig';

/** A flat configuration: hyperparameters by path. */
export type FlatConfig = Readonly<Record<string, FlatValue>>;

/** Common short forms, by lower-case names without separators. Others are unchanged. */
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

/** The maximum length of the differences in a folder's name. */
const MOST_IN_NAME = 80;
/** The maximum length of one value. */
const MOST_OF_VALUE = 24;

/** Unique short names of keys: if two would be the same, both stay unchanged. */
export function shortNames(keys: readonly string[]): Map<string, string> {
  const shortOf = (key: string) => SHORT[key.toLowerCase().replaceAll(/[^a-z0-9]/g, '')] ?? key;
  const count = new Map<string, number>();
  for (const key of keys) for (const name of new Set([key, shortOf(key)])) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map(keys.map((key) => [key, count.get(shortOf(key)) === 1 ? shortOf(key) : key]));
}

/** The keys whose values aren't the same in all configurations, in order of first occurrence. */
export function differingKeys(configs: readonly FlatConfig[]): string[] {
  const keys = [...new Set(configs.flatMap((config) => Object.keys(config)))];
  return keys.filter((key) => configs.some((config) => !Object.is(config[key], configs[0]![key])));
}

/** The values of these keys in readable form: `lr=0.1`, `lr=0.1, hidden1=512`. */
export function differencesText(config: FlatConfig, keys: readonly string[]): string {
  return differences(config, keys).join(', ');
}

/** Keys that the configuration lacks are omitted. */
function differences(config: FlatConfig, keys: readonly string[]): string[] {
  const names = shortNames([...new Set([...keys, ...Object.keys(config)])]);
  return keys.flatMap((key) => (config[key] === undefined ? [] : [`${names.get(key)}=${valueText(config[key])}`]));
}

/** A value in short form: `0.1`, `1e-5`, `0.3333`, `adam`. */
export function valueText(value: FlatValue): string {
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
  const text = String(value);
  return text.length > MOST_OF_VALUE ? `${text.slice(0, MOST_OF_VALUE - 1)}…` : text;
}

/**
 * The suffix of a run's folder after its number: the hyperparameters with other values among its siblings; empty if
 * there are none. It contains only characters that are safe for file systems and shells.
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
