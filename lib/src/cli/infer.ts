/** `tf-mechanics infer`: which digits images show. */
import { Command } from 'commander';
import { type Prediction, readImages } from '../models';
import { TensorFlowError } from '../runtime/errors';
import { addRunFlags, type RunFlags, withTrainedModel } from './trainedModel';

/** One line of the answer. */
interface Answer extends Prediction {
  readonly file: string;
  /** The place of the image in its file. */
  readonly index: number;
}

export function inferCommand(): Command {
  const command = new Command('infer')
    .description('tell which digits images show')
    .argument('<files...>', 'IDX files of images (also gzipped), or pictures of one digit each, such as PNG files');
  return addRunFlags(command).action(infer);
}

async function infer(files: string[], flags: RunFlags): Promise<void> {
  await withTrainedModel(flags, {}, async (agent) => {
    const answers: Answer[] = [];
    const failures: TensorFlowError[] = [];
    for (const file of files) {
      const images = await readImages(file).catch((error: unknown) => {
        if (!(error instanceof TensorFlowError)) throw error;
        failures.push(error);
      });
      const predictions = images ? await agent.infer(images) : [];
      answers.push(...predictions.map((prediction, index) => ({ file, index, ...prediction })));
    }
    if (answers.length > 0 || flags.json) console.log(flags.json ? JSON.stringify(answers, null, 2) : table(answers));
    const last = failures.pop();
    for (const { message } of failures) console.error(`error: ${message}`);
    if (last) throw last; // ends the command with its message, and 1
  });
}

/** One line an image: which it is, the digit, and how sure the model is. */
function table(answers: readonly Answer[]): string {
  const rows = answers.map(({ file, index, digit, probability }) => [
    `${file}[${index}]`,
    `${digit}`,
    `${(100 * probability).toFixed(1)} %`,
  ]);
  const all = [['image', 'digit', 'probability'], ...rows];
  const width = Math.max(...all.map(([image = '']) => image.length));
  return all
    .map(([image = '', digit, probability]) => `${image.padEnd(width)}  ${digit!.padEnd(5)}  ${probability}`)
    .join('\n');
}
