/** `tf-mechanics saved-model show`: prints the signatures of a SavedModel. */
import { Command } from 'commander';

export function savedModelCommand(): Command {
  const show = new Command('show')
    .description('print the tags and signatures of a saved model, as saved_model_cli show --all does')
    .argument('<folder>', 'the folder of the model')
    .option('--json', 'as JSON')
    .allowExcessArguments(false)
    .action(async (folder: string, { json }: { json?: boolean }) => {
      const { inspect } = await import('../tf/savedModel/inspect.js'); // loads no libtensorflow
      const model = await inspect(folder);
      console.log(json ? JSON.stringify(model.metaGraphs, null, 2) : String(model));
    });
  return new Command('saved-model').description('inspect saved models').addCommand(show);
}
