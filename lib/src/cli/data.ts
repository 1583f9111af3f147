/** `data`: prepares the data of a model, and reports what is there. */
import { Command } from 'commander';
import { ModelFlags } from './modelFlags';
import type { ProjectCommands } from './project';

export function dataCommand(project: ProjectCommands): Command {
  const command = new Command('data').description(
    'get the data of a model ready, check it, and say what its sets have',
  );
  const model = new ModelFlags(command, project);
  return command
    .option('--json', 'answer in JSON')
    .allowExcessArguments(false)
    .action((flags: { json?: boolean }) => data(project, model, flags));
}

async function data({ models }: ProjectCommands, flags: ModelFlags, { json }: { json?: boolean }): Promise<void> {
  const { model, config } = models.resolve(flags.config());
  const agent = new model(config);
  try {
    let isSilent = true;
    const description = await agent.checkData((line) => {
      isSilent = false;
      if (!json) console.log(line);
    });
    if (json) console.log(JSON.stringify(description, null, 2));
    else if (isSilent)
      for (const [name, value] of Object.entries(description)) console.log(`${name}: ${wordsOf(value)}`);
  } finally {
    await agent.close();
  }
}

function wordsOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
