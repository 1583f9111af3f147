/** Opens SavedModels for inference. */
import type { MetaGraphDef, SignatureDef } from '../../protos';
import { checkObject } from '../../runtime/arguments';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { didYouMean } from '../../runtime/nearest';
import { onlyOptions } from '../../runtime/options';
import { Graph } from '../graph/graph';
import { decodeTensor } from '../graph/tensorProto';
import { type ConfigProto, Session } from '../session';
import { tagConstants } from './constants';
import { graphOfTags, readSavedModel } from './files';
import { loading, put } from './load';
import { portOf, type SignatureInput, type SignatureValue } from './ports';

/**
 * A signature as a function from named inputs to named outputs.
 *
 * @typeParam I the names of its inputs
 * @typeParam O the names of its outputs
 */
export type SignatureFunction<I extends string = string, O extends string = string> = (
  inputs: Readonly<Record<I, SignatureInput>>,
) => Promise<Record<O, SignatureValue>>;

/** Options of opening a SavedModel. */
export interface OpenOptions {
  /**
   * The tags of the graph.
   *
   * @defaultValue `['serve']`
   */
  tags?: Iterable<string>;
  /** The configuration of its session. */
  config?: ConfigProto;
}

/**
 * A SavedModel opened for inference by {@link open}.
 *
 * @typeParam S the functions of its signatures by name, to the extent that you want to state them
 */
export class OpenedModel<S extends object = Record<string, SignatureFunction>> implements AsyncDisposable {
  /** Its signatures, as functions by name. */
  readonly signatures: S;
  /** Its description. */
  readonly metaGraph: MetaGraphDef;
  /** The session of its graph. */
  readonly session: Session;

  /** @internal */
  constructor(session: Session, metaGraph: MetaGraphDef) {
    this.session = session;
    this.metaGraph = metaGraph;
    const signatures = Object.entries(metaGraph.signatureDef).filter(([name]) => !name.startsWith('__saved_model_'));
    const functions = Object.fromEntries(signatures.map(([name, def]) => [name, functionOf(session, name, def)]));
    this.signatures = refusingOthers(functions) as S;
  }

  /** Closes its session. */
  async close(): Promise<void> {
    await this.session.close();
  }

  /** Calls {@link OpenedModel.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Opens a SavedModel of this library or of Python: its signatures become functions.
 *
 * @throws {NotFoundError} when the folder contains no SavedModel, or none with these tags, or its graph has operations
 * of a type that this TensorFlow doesn't have; the message names it
 * @throws {DataLossError} when it is damaged
 *
 * @example
 * await using model = await tf.savedModel.open('models/digits');
 * const { logits } = await model.signatures.serving_default({ images: [new Float32Array(784)] });
 */
export async function open<S extends object = Record<string, SignatureFunction>>(
  exportDir: string,
  options: OpenOptions = {},
): Promise<OpenedModel<S>> {
  const { tags = [tagConstants.SERVING], config } = onlyOptions(options, { tags: 'any', config: 'any' });
  const session = new Session({ graph: new Graph(), config });
  try {
    const def = graphOfTags(await readSavedModel(exportDir), tags, exportDir);
    await put({ def, exportDir }, session, {});
    return loading(exportDir, () => new OpenedModel<S>(session, def));
  } catch (error) {
    await session.close();
    throw error;
  }
}

function functionOf(session: Session, name: string, { inputs, outputs, defaults }: SignatureDef): SignatureFunction {
  const what = `signature '${name}'`;
  const ports = (infos: SignatureDef['inputs']) =>
    Object.entries(infos).map(([key, info]) => [key, portOf(session.graph, `'${key}' of ${what}`, info)] as const);
  const [taken, given] = [ports(inputs), ports(outputs)];
  const names = Object.keys(inputs);
  return async (values) => {
    checkObject(`what ${what} takes`, values);
    for (const key of Object.keys(values)) {
      if (names.includes(key)) continue;
      const otherwise = `, but ${names.join(', ') || 'nothing'}`;
      throw new InvalidArgumentError(`${what} takes no '${key}'${didYouMean(key, names, { otherwise })}`);
    }
    const feeds = taken.flatMap(([key, port]) => {
      const value = values[key] ?? (defaults[key] && decodeTensor(defaults[key]));
      if (value === undefined) throw new InvalidArgumentError(`${what} takes ${names.join(', ')}; '${key}' is missing`);
      return port.feeds(value);
    });
    const fetched = await session.run(
      given.map(([, { fetches }]) => [...fetches]),
      feeds,
    );
    return Object.fromEntries(given.map(([key, port], i) => [key, port.assemble(fetched[i]!)]));
  };
}

/** The functions; accessing an unknown one throws an error that lists the available ones. */
function refusingOthers(functions: Record<string, SignatureFunction>): Record<string, SignatureFunction> {
  return new Proxy(functions, {
    get: (known, name, receiver) => {
      // Promises and inspectors look for methods of their own.
      if (typeof name === 'symbol' || name in known || name === 'then' || name === 'toJSON')
        return Reflect.get(known, name, receiver);
      const names = Object.keys(known);
      const otherwise = `, but ${names.join(', ') || 'none'}`;
      throw new NotFoundError(`the model has no signature '${name}'${didYouMean(name, names, { otherwise })}`);
    },
  });
}
