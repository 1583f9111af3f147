/** `tf-mechanics infer`: which digits images show. */
import { Command } from 'commander';
import { type Prediction, readImages } from '../models';
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
    for (const file of files) {
      const predictions = await agent.infer(await readImages(file));
      answers.push(...predictions.map((prediction, index) => ({ file, index, ...prediction })));
    }
    console.log(flags.json ? JSON.stringify(answers, null, 2) : table(answers));
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
