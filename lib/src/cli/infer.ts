/** `tf-mechanics infer`: which digits images show. */
import { Command } from 'commander';
import { Classifier, type Prediction, type PreparedImages, prepareImages } from '../models';
import { drawn } from '../models/pictures';
import { InvalidArgumentError, TensorFlowError } from '../runtime/errors';
import { addRunFlags, type RunFlags, withTrainedModel } from './trainedModel';

/** One line of the answer. */
interface Answer extends Prediction {
  readonly file: string;
  /** The place of the image in its file. */
  readonly index: number;
  /** What was done to a picture, in words. */
  readonly preparation?: string;
  /** What may be wrong with it. */
  readonly warnings?: readonly string[];
}

interface InferFlags extends RunFlags {
  show?: boolean;
}

/** Of a file with more images than this, the first ones are shown. */
const MOST_SHOWN = 20;

export function inferCommand(): Command {
  const command = new Command('infer')
    .description('tell which digits images show')
    .argument('<files...>', 'IDX files of images (also gzipped), or pictures of one digit each, such as PNG files');
  return addRunFlags(command)
    .option('--show', 'show images as the model sees them, and say how pictures were prepared (--json always says it)')
    .action(infer);
}

async function infer(files: string[], flags: InferFlags): Promise<void> {
  await withTrainedModel(flags, {}, async (agent) => {
    if (!(agent instanceof Classifier))
      throw new InvalidArgumentError(`${flags.resultDir} has a run of a model that doesn't tell digits apart`);
    const answers: Answer[] = [];
    const failures: TensorFlowError[] = [];
    for (const file of files) {
      const prepared = await prepareImages(file).catch((error: unknown) => {
        if (!(error instanceof TensorFlowError)) throw error;
        failures.push(error);
      });
      if (!prepared) continue;
      if (flags.show && !flags.json) show(file, prepared);
      const { images, preparation, warnings } = prepared;
      for (const warning of warnings) console.error(`warning: ${file}: ${warning}`);
      const predictions = await agent.infer(images);
      const said = { preparation, ...(warnings.length > 0 && { warnings }) };
      answers.push(...predictions.map((prediction, index) => ({ file, index, ...prediction, ...said })));
    }
    if (answers.length > 0 || flags.json) console.log(flags.json ? JSON.stringify(answers, null, 2) : table(answers));
    const last = failures.pop();
    for (const { message } of failures) console.error(`error: ${message}`);
    if (last) throw last; // ends the command with its message, and 1
  });
}

/** Prints images as the model sees them. */
function show(file: string, { images, preparation = 'as it is in the file' }: PreparedImages): void {
  const [count = 0] = images.shape;
  const pixels = images.size / Math.max(count, 1);
  for (let index = 0; index < Math.min(count, MOST_SHOWN); index++)
    console.log(
      `${file}[${index}]: ${preparation}\n${drawn(images.data.subarray(index * pixels, (index + 1) * pixels))}`,
    );
  if (count > MOST_SHOWN) console.log(`(${count - MOST_SHOWN} more images in ${file})`);
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
