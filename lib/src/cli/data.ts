/** `tf-mechanics data`: gets the data, checks it and says what is there. */
import { Command, Option } from 'commander';
import { type DataSetName, dataSetNames, readDataSets } from '../data';

export function dataCommand(): Command {
  return new Command('data')
    .description('download MNIST (or take the offline subset), check it, and say what the three sets have')
    .option('--data-dir <folder>', 'where the files are kept', 'data')
    .addOption(new Option('--dataset <name>', 'which data set the files are of').choices(dataSetNames).default('mnist'))
    .option('--redownload', 'put good files in the place of damaged ones')
    .allowExcessArguments(false)
    .action(async ({ dataDir, ...options }: { dataDir: string; dataset: DataSetName; redownload?: boolean }) => {
      console.log((await readDataSets(dataDir, options)).description);
    });
}
