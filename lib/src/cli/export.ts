/** `export`: writes a trained model for programs that don't use this library. */
import { Command, Option } from 'commander';
import { type ExportFormat, exportFormats } from '../models/exportModel';
import type { Quantization } from '../tf/tfjs';
import { quantizations } from '../tf/tfjs/weights';
import type { ProjectCommands } from './project';
import { addRunFlags, type RunFlags, withTrainedModel } from './trainedModel';

interface ExportFlags extends RunFlags {
  format: ExportFormat;
  out: string;
  quantization?: Quantization;
  overwrite?: boolean;
}

export function exportCommand(project: ProjectCommands): Command {
  const command = new Command('export').description(
    'write a trained model for Python and TensorFlow Serving, for readers of graphs, for TensorFlow.js, or as a page',
  );
  const format = new Option('--format <format>', 'the format of the model')
    .choices(exportFormats)
    .makeOptionMandatory();
  const quantization = new Option('--quantization <dtype>', 'of tfjs: store weights as this').choices(quantizations);
  return addRunFlags(command)
    .addOption(format)
    .requiredOption('--out <folder>', 'the folder to write, which is empty or not there')
    .addOption(quantization)
    .option('--overwrite', 'replace a model that is in the folder')
    .allowExcessArguments(false)
    .action((flags: ExportFlags) => exportTrained(project, command, flags));
}

async function exportTrained(project: ProjectCommands, command: Command, flags: ExportFlags): Promise<void> {
  const { format, out, quantization, overwrite, json } = flags;
  if (quantization !== undefined && format !== 'tfjs')
    command.error(`error: option '--quantization <dtype>' is for --format tfjs, not ${format}`);
  await withTrainedModel(project, flags, {}, async (agent) => {
    const exported = await agent.export(out, { format, quantization, overwrite });
    console.log(json ? JSON.stringify({ format, exported }, null, 2) : `Wrote ${exported}`);
  });
}
