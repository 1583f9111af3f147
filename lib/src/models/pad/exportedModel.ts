/** The output of `tf.tfjs.exportGraphModel`, as far as a pad uses it. */
import { messageOf } from '../../runtime/errorContext';
import { DataLossError } from '../../runtime/errors';

/** `model.json`. */
export interface ModelJson {
  readonly modelTopology: { readonly node: readonly NodeJson[]; readonly library?: { readonly function?: unknown } };
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly WeightJson[] }[];
  readonly signature: {
    readonly inputs: Record<string, InputJson>;
    readonly outputs: Record<string, { name: string }>;
  };
}

/** An operation; bytes are in base64, and integers are strings. */
export interface NodeJson {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, AttributeJson>>;
}

export interface AttributeJson {
  readonly s?: string;
  readonly b?: boolean;
  readonly f?: number | string;
  readonly type?: string;
  readonly list?: { readonly i?: readonly string[] };
}

/** A constant, whose bytes are in the files. */
export interface WeightJson {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

interface InputJson {
  readonly name: string;
  readonly tensorShape?: { readonly dim?: readonly { readonly size: string }[] };
}

/** The exported name of the network's output; other outputs are feature maps. */
const LOGITS = 'logits';

/**
 * Parses a `model.json`.
 *
 * @throws {DataLossError} when it is damaged, or not a network that reads digits
 */
export function modelOf(json: string): ModelJson {
  let model: Partial<ModelJson> | null;
  try {
    model = JSON.parse(json) as Partial<ModelJson> | null;
  } catch (error) {
    throw new DataLossError(`model.json is damaged: ${messageOf(error)}`);
  }
  const { modelTopology, weightsManifest, signature } = model ?? {};
  if (!Array.isArray(modelTopology?.node) || !Array.isArray(weightsManifest))
    throw new DataLossError('model.json is damaged: there is no graph with weights in it');
  if (!signature?.outputs?.[LOGITS] || Object.keys(signature.inputs ?? {}).length === 0)
    throw new DataLossError('model.json has no network that takes an image and gives logits');
  return { modelTopology, weightsManifest, signature };
}

/**
 * The input for one image, and the outputs: the logits first, then the feature maps, those closest to the image first.
 */
export function endsOf({ signature: { inputs, outputs } }: ModelJson) {
  const [input] = Object.values(inputs);
  const layers = Object.keys(outputs).filter((name) => name !== LOGITS);
  return {
    input: input!.name,
    shape: (input!.tensorShape?.dim ?? []).map(({ size }) => (Number(size) < 0 ? 1 : Number(size))),
    outputs: [LOGITS, ...layers.sort()].map((name) => outputs[name]!.name),
  };
}

/** An image in the form for networks: 0 (paper) to 1. */
export const imageOf = (pixels: Uint8Array): Float32Array => Float32Array.from(pixels, (pixel) => pixel / 255);
