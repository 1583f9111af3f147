/** `tf-mechanics data`: gets the data, checks it and says what is there. */
import { Command } from 'commander';
import { readDataSets } from '../data';

export function dataCommand(): Command {
  return new Command('data')
    .description('download MNIST (or take the offline subset), check it, and say what the three sets have')
    .option('--data-dir <folder>', 'where the files are kept', 'data')
    .option('--redownload', 'put good files in the place of damaged ones')
    .allowExcessArguments(false)
    .action(async ({ dataDir, redownload }: { dataDir: string; redownload?: boolean }) => {
      console.log((await readDataSets(dataDir, { redownload })).description);
    });
}
