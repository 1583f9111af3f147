/** `tf-mechanics evaluate`: what a trained model gets right. */
import { Command } from 'commander';
import { addRunFlags, type RunFlags, withTrainedModel } from './trainedModel';

export function evaluateCommand(): Command {
  const command = new Command('evaluate').description('say what a trained model gets right of the three sets');
  return addRunFlags(command)
    .option('--data-dir <folder>', "where the data is (default: the run's)")
    .allowExcessArguments(false)
    .action(evaluate);
}

async function evaluate({ dataDir, ...flags }: RunFlags & { dataDir?: string }): Promise<void> {
  await withTrainedModel(flags, { dataDir }, async (agent) => {
    const evaluations = await agent.evaluate(undefined, flags.json ? () => {} : console.log);
    if (flags.json) console.log(JSON.stringify(evaluations, null, 2));
  });
}
