/**
 * The Python wheels that contain libtensorflow, one per platform, with file names and hashes as in the Python package
 * index. All are TensorFlow 2.15.1, the smallest release whose library exports the whole C API.
 */
const version = '2.15.1';

const wheels = {
  'linux-x64': {
    project: 'tensorflow-cpu',
    platform: 'manylinux2014_x86_64',
    file: 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
    bytes: 207_208_420,
    unpackedBytes: 614_600_000,
    tested: true,
  },
  'linux-arm64': {
    project: 'tensorflow-cpu-aws',
    platform: 'manylinux2014_aarch64',
    file: 'tensorflow_cpu_aws-2.15.1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl',
    sha256: 'd4c3a3a9363bf42999adedbbd514e3a133be2d62f61fee9cfa46aaefb087c09e',
    bytes: 211_874_120,
    unpackedBytes: 696_300_000,
    tested: false,
  },
  'darwin-arm64': {
    project: 'tensorflow',
    platform: 'macosx_12_0_arm64',
    file: 'tensorflow-2.15.1-cp311-cp311-macosx_12_0_arm64.whl',
    sha256: 'aa926114d1e13ffe5b2ea59c3f195216f26646d7fe36e9e5207b291e4b7902ff',
    bytes: 205_736_374,
    unpackedBytes: 603_500_000,
    tested: false,
  },
  'darwin-x64': {
    project: 'tensorflow-cpu',
    platform: 'macosx_10_15_x86_64',
    file: 'tensorflow_cpu-2.15.1-cp311-cp311-macosx_10_15_x86_64.whl',
    sha256: 'ee3bb114c6031d471d891c761e7eda2c80bea19bb318abcd3d5bab92ccfaf9aa',
    bytes: 236_482_774,
    unpackedBytes: 721_100_000,
    tested: false,
  },
};

/** The wheel for a platform; undefined if there is none. */
export function wheelFor(platform = process.platform, arch = process.arch) {
  const wheel = wheels[`${platform}-${arch}`];
  return wheel && { ...wheel, version, name: `${wheel.project}-${version}` };
}

/**
 * The parts of a wheel that are kept: the libraries with their dependencies, and the headers for compiling the addon of
 * tfjs-node.
 */
const kept = [
  /^tensorflow\/libtensorflow_(cc|framework)\./,
  /^[^/]+\.libs\//,
  /^tensorflow\/include\/tensorflow\/c\//,
  /^tensorflow\/include\/tsl\/c\//,
  /^tensorflow\/include\/(tensorflow\/core|tsl)\/platform\/ctstring.*\.h$/,
];

export const isKept = (file) => kept.some((pattern) => pattern.test(file));
