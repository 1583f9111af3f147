#!/usr/bin/env node
/**
 * The program `tf-mechanics`: the command line for this library's models, or for those of the modules that `--models`
 * names.
 */
import { Command } from 'commander';
import { ownVersion } from '../runtime/version';
import { doctorCommand } from './doctor';
import { kernelCommand } from './kernel';
import { newCommand } from './new';
import { watchOutput } from './output';
import { runProgram } from './runProgram';
import { savedModelCommand } from './savedModel';
import { setupCommand } from './setup';

const NAME = 'tf-mechanics';

/** Commands that need no models: they run without waiting for models or the rest of the library to load. */
const tools = {
  new: newCommand(),
  setup: setupCommand(),
  doctor: doctorCommand(),
  'saved-model': savedModelCommand(),
  kernel: kernelCommand(),
};

async function main(words: readonly string[]): Promise<void> {
  const [first = ''] = words;
  if (first === '--version' || Object.hasOwn(tools, first)) {
    watchOutput();
    const program = new Command(NAME).helpCommand(false).version(ownVersion());
    for (const tool of Object.values(tools)) program.addCommand(tool);
    await runProgram(program, words);
    return;
  }
  await import('../models/registry.js');
  const { cli } = await import('./cli.js');
  const { digitData } = await import('./digitData.js');
  const { namesModels } = await import('./findModels.js');
  await cli({
    name: NAME,
    description: "TensorFlow's graph mechanics in TypeScript",
    version: ownVersion(),
    commands: { ...(namesModels(words) ? {} : { data: digitData }), ...tools },
  });
}

void main(process.argv.slice(2));
