/** Published data sets in MNIST's format: the names of their files, and their known properties. */
import { createHash } from 'node:crypto';

/** A published data set. */
export interface PublishedSet {
  /** Its name in options. */
  readonly name: string;
  /** Its name in sentences. */
  readonly title: string;
  readonly numClasses: number;
  /** The possible prefixes of its file names, for the training and the test set. */
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Whether rows and columns are swapped in the files. */
  readonly transposed?: boolean;
  /** The label of the first class. */
  readonly firstLabel?: number;
  /** The SHA-256 of the published, compressed files: training images and labels, test images and labels. */
  readonly sha256?: readonly string[];
  /** The MD5 of the same files, if no SHA-256 was published: enough to detect damage. */
  readonly md5?: readonly string[];
}

const mnistNames = { train: ['train'], test: ['t10k', 'test'] };

/**
 * @see Deeplearning4j's EMnistResourceConstants, and the Python package `mnists`, which list the same checksums of the
 * files in NIST's archive
 */
const emnist = (name: string, numClasses: number, md5: readonly string[], firstLabel = 0): PublishedSet => ({
  name: `emnist-${name}`,
  title: `EMNIST ${name}`,
  numClasses,
  firstLabel,
  train: [`emnist-${name}-train`, 'train'],
  test: [`emnist-${name}-test`, 'test', 't10k'],
  transposed: true,
  md5,
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
  emnist('balanced', 47, [
    '4041b0d6f15785d3fa35263901b5496b',
    '7a35cc7b2b7ee7671eddf028570fbd20',
    '6818d20fe2ce1880476f747bbc80b22b',
    'acd3694070dcbf620e36670519d4b32f',
  ]),
  emnist('byclass', 62, [
    '712dda0bd6f00690f32236ae4325c377',
    'ee299a3ee5faf5c31e9406763eae7e43',
    '1435209e34070a9002867a9ab50160d7',
    '7a0f934bd176c798ecba96b36fda6657',
  ]),
  emnist('bymerge', 47, [
    '4a792d4df261d7e1ba27979573bf53f3',
    '491be69ef99e1ab1f5b7f9ccc908bb26',
    '8eb5d34c91f1759a55831c37ec2a283f',
    'c13f4cd5211cdba1b8fa992dae2be992',
  ]),
  emnist('digits', 10, [
    'd2662ecdc47895a6bbfce25de9e9a677',
    '2223fcfee618ac9c89ef20b6e48bcf9e',
    'a159b8b3bd6ab4ed4793c1cb71a2f5cc',
    '8afde66ea51d865689083ba6bb779fac',
  ]),
  emnist(
    'letters',
    26,
    [
      '8795078f199c478165fe18db82625747',
      'c16de4f1848ddcdddd39ab65d2a7be52',
      '382093a19703f68edac6d01b8dfdfcad',
      'd4108920cd86601ec7689a97f2de7f59',
    ],
    1,
  ),
  emnist('mnist', 10, [
    '3663598a39195d030895b6304abb5065',
    '6c092f03c9bb63e678f80f8bc605fe37',
    'fb51b6430fc4dd67deaada1bf25d4524',
    'ae7f6be798a9a5d5f2bd32e078a402dd',
  ]),
] as const satisfies readonly PublishedSet[];

/**
 * The names of known data sets: MNIST, those published in its format, and `any` for your own files.
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

/** The published set to which a file's bytes belong, according to its checksum; undefined if unknown. */
export function publishedSetOf(bytes: Uint8Array): PublishedSet | undefined {
  const [sha256, md5] = [sumOf('sha256', bytes), sumOf('md5', bytes)];
  return publishedSets.find((set: PublishedSet) => set.sha256?.includes(sha256) || set.md5?.includes(md5));
}

/** Whether bytes are those of one of a set's four files; false if no checksum is known. */
export function isPublished(bytes: Uint8Array, set: PublishedSet | undefined, file: number): boolean {
  const isSum = (kind: 'sha256' | 'md5') => set?.[kind] !== undefined && set[kind][file] === sumOf(kind, bytes);
  return isSum('sha256') || isSum('md5');
}

/** A checksum of bytes, in hexadecimal. */
export function sumOf(kind: 'sha256' | 'md5', bytes: Uint8Array): string {
  return createHash(kind).update(bytes).digest('hex');
}
