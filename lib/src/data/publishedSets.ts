/** Data sets in MNIST's format that others have published: how their files are called, and what is known of them. */
import { createHash } from 'node:crypto';

/** A published data set. */
export interface PublishedSet {
  /** Its name in options. */
  readonly name: string;
  /** Its name in sentences. */
  readonly title: string;
  readonly numClasses: number;
  /** What its files' names may begin with, of the training set and of the test set. */
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Whether rows and columns are swapped in the files. */
  readonly transposed?: boolean;
  /** The label of the first class. */
  readonly firstLabel?: number;
  /** The SHA-256 of the published files, packed as they are: training images and labels, test images and labels. */
  readonly sha256?: readonly string[];
}

const mnistNames = { train: ['train'], test: ['t10k', 'test'] };

const emnist = (name: string, numClasses: number, firstLabel = 0): PublishedSet => ({
  name: `emnist-${name}`,
  title: `EMNIST ${name}`,
  numClasses,
  firstLabel,
  train: [`emnist-${name}-train`, 'train'],
  test: [`emnist-${name}-test`, 'test', 't10k'],
  transposed: true,
});

/** All of them. */
export const publishedSets = [
  {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    numClasses: 10,
    ...mnistNames,
    sha256: [
      '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
      'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
      '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
      '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
    ],
  },
  {
    name: 'kmnist',
    title: 'Kuzushiji-MNIST',
    numClasses: 10,
    ...mnistNames,
    sha256: [
      '51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4',
      'e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17',
      'edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5',
      '20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c',
    ],
  },
  emnist('balanced', 47),
  emnist('byclass', 62),
  emnist('bymerge', 47),
  emnist('digits', 10),
  emnist('letters', 26, 1),
  emnist('mnist', 10),
] as const satisfies readonly PublishedSet[];

/**
 * The data sets that can be named: MNIST, those published in its format, and `any` for files of one's own.
 *
 * @example
 * data.dataSetNames.includes('kmnist'); // true
 */
export const dataSetNames = [
  'mnist',
  'fashion-mnist',
  'kmnist',
  'emnist-balanced',
  'emnist-byclass',
  'emnist-bymerge',
  'emnist-digits',
  'emnist-letters',
  'emnist-mnist',
  'any',
] as const;

/** The name of a data set. */
export type DataSetName = (typeof dataSetNames)[number];

/** The published set that a file's bytes are of; undefined where they are of none whose sums are known. */
export function publishedSetOf(bytes: Uint8Array): PublishedSet | undefined {
  const sum = createHash('sha256').update(bytes).digest('hex');
  return publishedSets.find((set: PublishedSet) => set.sha256?.includes(sum));
}
