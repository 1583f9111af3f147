/** `tf-mechanics infer`: runs a trained model on examples in files. */
import { Command } from 'commander';
import type { FileExamples } from '../models';
import { TensorFlowError } from '../runtime/errors';
import type { ProjectCommands } from './project';
import { addRunFlags, type RunFlags, withTrainedModel } from './trainedModel';

/** A line of the answer: an example and the prediction for it. */
interface Answer {
  readonly file: string;
  /** The example's index in its file. */
  readonly index: number;
  readonly [said: string]: unknown;
}

interface InferFlags extends RunFlags {
  show?: boolean;
}

/** Only the first examples are shown of files with more than this. */
const MOST_SHOWN = 20;

export function inferCommand(project: ProjectCommands): Command {
  const command = new Command('infer')
    .description('predict with a trained model')
    .argument(
      '<files...>',
      'files that the model reads: of digits IDX files of images (also gzipped), or pictures of one digit each',
    );
  return addRunFlags(command)
    .option('--show', 'show examples as the model sees them, and say how they were prepared (--json always says it)')
    .action((files: string[], flags: InferFlags) => infer(project, files, flags));
}

async function infer(project: ProjectCommands, files: string[], flags: InferFlags): Promise<void> {
  await withTrainedModel(project, flags, {}, async (agent) => {
    const answers: Answer[] = [];
    const failures: TensorFlowError[] = [];
    for (const file of files) {
      const found = await agent.readExamples(file).catch((error: unknown) => {
        if (!(error instanceof TensorFlowError)) throw error;
        failures.push(error);
      });
      if (!found) continue;
      const { examples, preparation, warnings = [] } = found;
      for (const warning of warnings) console.error(`warning: ${file}: ${warning}`);
      const predictions = await agent.infer(examples);
      if (flags.show && !flags.json) show(file, found, predictions.length);
      const said = { preparation, ...(warnings.length > 0 && { warnings }) };
      answers.push(...predictions.map((prediction, index) => ({ file, index, ...asRecord(prediction), ...said })));
    }
    if (answers.length > 0 || flags.json) console.log(flags.json ? JSON.stringify(answers, null, 2) : table(answers));
    const last = failures.pop();
    for (const { message } of failures) console.error(`error: ${message}`);
    if (last) throw last; // ends the command with its message and exit code 1
  });
}

/** A prediction as named values. */
function asRecord(prediction: unknown): object {
  const isRecord = typeof prediction === 'object' && prediction !== null && !Array.isArray(prediction);
  return isRecord ? prediction : { prediction };
}

/** Prints examples as the model sees them. */
function show(
  file: string,
  { preparation = 'as it is in the file', show }: FileExamples<unknown>,
  count: number,
): void {
  if (!show) return;
  for (let index = 0; index < Math.min(count, MOST_SHOWN); index++)
    console.log(`${file}[${index}]: ${preparation}\n${show(index)}`);
  if (count > MOST_SHOWN) console.log(`(${count - MOST_SHOWN} more examples in ${file})`);
}

/** A table with a line for each example. */
function table(answers: readonly Answer[]): string {
  const names = namesIn(answers);
  const rows = answers.map((answer) => [
    `${answer.file}[${answer.index}]`,
    ...names.map((name) => cell(name, answer[name])),
  ]);
  const all = [['example', ...names], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The names of the columns: no lists, such as the probabilities of all classes, unless there is nothing else. */
function namesIn([first]: readonly Answer[]): string[] {
  const { file: _, index: __, preparation: ___, warnings: ____, ...said } = first!;
  const names = Object.keys(said);
  const short = names.filter((name) => typeof said[name] !== 'object');
  return short.length > 0 ? short : names;
}

function cell(name: string, value: unknown): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value ?? '');
  if (name === 'probability') return `${(100 * value).toFixed(1)} %`;
  return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(6))}`;
}
