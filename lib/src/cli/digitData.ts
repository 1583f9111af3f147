/** `tf-mechanics data`: downloads and verifies the files of digits, and reports what is there. */
import { dataSetNames, readDataSets } from '../data';
import { flag, key, oneOf, text } from '../models';
import type { OwnCommand } from './ownCommand';

const flags = {
  dataDir: key(text, 'where the files are kept', 'data'),
  dataset: key(oneOf(dataSetNames), 'which data set the files are of', 'mnist'),
  redownload: key(flag, 'put good files in the place of damaged ones', false),
};

export const digitData: OwnCommand<typeof flags> = {
  description: 'download MNIST (or use the offline subset), verify it, and describe its three sets',
  flags,
  async run({ dataDir, ...options }) {
    console.log((await readDataSets(dataDir, options)).description);
  },
};
