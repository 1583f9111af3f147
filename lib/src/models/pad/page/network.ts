/** A network in the page: what `tf.tfjs.exportGraphModel` has written, run by TensorFlow.js. */
import '@tensorflow/tfjs-backend-cpu';
import { type GraphModel, loadGraphModelSync } from '@tensorflow/tfjs-converter';
import { io, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { IMAGE_PIXELS } from '../../../mnist/sizes';
import type { Answer, ExportedReader, Layer } from '../answer';
import { softmax } from '../probabilities';

/** What is looked at of `model.json`. */
interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly weights: io.WeightsManifestEntry[] }[];
  readonly signature: { readonly inputs: Record<string, Input>; readonly outputs: Record<string, { name: string }> };
}

interface Input {
  readonly name: string;
  readonly tensorShape?: { readonly dim?: readonly { readonly size: string }[] };
}

/** By this name the export has what the network gives; the others are what its layers make. */
const LOGITS = 'logits';

/** What reads digits: 28 × 28 bytes, of which 0 is paper. */
export function readerOf({ json, weights }: ExportedReader): (pixels: Uint8Array) => Answer {
  const { modelTopology, weightsManifest, signature } = JSON.parse(json) as ModelJson;
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const model: GraphModel<io.IOHandlerSync> = loadGraphModelSync(
    io.fromMemorySync({ modelTopology, weightSpecs, weightData: weights }),
  );
  const [input] = Object.values(signature.inputs);
  const shape = (input?.tensorShape?.dim ?? []).map(({ size }) => (Number(size) < 0 ? 1 : Number(size)));
  const layers = Object.keys(signature.outputs).filter((name) => name !== LOGITS);
  const nodes = [LOGITS, ...layers.sort()].map((name) => signature.outputs[name]!.name);
  const read = (pixels: Uint8Array): Answer => {
    let answer: Answer | undefined;
    tidy(() => {
      const image = tensor(
        Float32Array.from(pixels, (pixel) => pixel / 255),
        shape,
      );
      const [logits, ...maps] = [model.execute({ [input!.name]: image }, nodes)].flat();
      answer = { probabilities: softmax(logits!.dataSync()), layers: maps.map(layerOf) };
    });
    return answer!;
  };
  read(new Uint8Array(IMAGE_PIXELS)); // the first answer takes longer than others
  return read;
}

function layerOf(output: Tensor): Layer {
  const [, height, width, count] = output.shape as [number, number, number, number];
  return { shape: [height, width, count], data: output.dataSync<'float32'>() };
}
