/** A network in the page, run by TensorFlow.js. */
import '@tensorflow/tfjs-backend-cpu';
import { type GraphModel, loadGraphModelSync } from '@tensorflow/tfjs-converter';
import { io, tensor, tidy } from '@tensorflow/tfjs-core';
import { IMAGE_PIXELS } from '../../../mnist/sizes';
import { type Answer, type ExportedReader, layerOf } from '../answer';
import { endsOf, imageOf, modelOf } from '../exportedModel';
import { softmax } from '../probabilities';

/** A function that reads digits: 28 × 28 bytes, in which 0 is paper. */
export function readerOf({ json, weights }: ExportedReader): (pixels: Uint8Array) => Answer {
  const parsed = modelOf(json);
  const { modelTopology, weightsManifest } = parsed;
  const weightSpecs = weightsManifest.flatMap((group) => group.weights) as io.WeightsManifestEntry[];
  const model: GraphModel<io.IOHandlerSync> = loadGraphModelSync(
    io.fromMemorySync({ modelTopology, weightSpecs, weightData: weights }),
  );
  const { input, shape, outputs } = endsOf(parsed);
  const read = (pixels: Uint8Array): Answer => {
    let answer: Answer | undefined;
    tidy(() => {
      const image = tensor(imageOf(pixels), shape);
      const [logits, ...layers] = [model.execute({ [input]: image }, outputs)].flat();
      answer = {
        probabilities: softmax(logits!.dataSync()),
        layers: layers.map((layer) => layerOf({ shape: layer.shape, data: layer.dataSync<'float32'>() })),
      };
    });
    return answer!;
  };
  read(new Uint8Array(IMAGE_PIXELS)); // the first answer takes longer than others
  return read;
}
