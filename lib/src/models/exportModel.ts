/** Exports models for programs without this library. */
import path from 'node:path';
import { shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { replaceFileSync, replaceFolder } from '../runtime/files';
import { onlyOptions } from '../runtime/options';
import { decodeGraphDef, encodeGraphDef } from '../tf/graph/graphDef';
import { convertVariablesToConstants } from '../tf/graphUtil';
import { removeDropout } from '../tf/graphUtil/dropout';
import { type NamedTensors, simpleSave } from '../tf/savedModel';
import type { Session } from '../tf/session';
import { exportGraphModel, type Quantization } from '../tf/tfjs';
import { keepAnswersOnly } from './answersOnly';
import type { DigitModel } from './pad/digitReader';
import { PAGE, writePage } from './pad/writePage';

/** The inputs and outputs of a model. */
export interface ModelSignature {
  /** Placeholders, by the public names of the inputs. */
  readonly inputs: NamedTensors;
  /** The outputs, by their public names. */
  readonly outputs: NamedTensors;
}

/**
 * The formats of exported models: `saved-model` for Python, TensorFlow Serving and others, `frozen` for readers of
 * GraphDefs, `tfjs` for web pages, `page` for a page on which people draw digits.
 */
export type ExportFormat = 'saved-model' | 'frozen' | 'tfjs' | 'page';

/** All formats. */
export const exportFormats: readonly ExportFormat[] = ['saved-model', 'frozen', 'tfjs', 'page'];

/** Options of exporting a model. */
export interface ExportOptions {
  /**
   * The format: `saved-model` is the folder that Python and TensorFlow Serving load, `frozen` a graph without
   * variables, `tfjs` what TensorFlow.js loads in a page, and `page` (only for models of digits) a static page on which
   * you draw a digit that the model reads.
   *
   * @defaultValue `'saved-model'`
   */
  format?: ExportFormat;
  /**
   * The storage format of weights for TensorFlow.js.
   *
   * @defaultValue unchanged
   */
  quantization?: Quantization;
  /**
   * Whether to replace a model in the folder.
   *
   * @defaultValue `false`
   */
  overwrite?: boolean;
}

/** The file of a frozen graph. */
const FROZEN = 'frozen_graph.pb';

/** Whether an entry of a folder belongs to an exported model. */
const isExported = (name: string) =>
  /^(saved_model\.pb|variables|assets|frozen_graph\.pb|index\.html|model|model\.json|group\d+-shard\d+of\d+\.bin)$/.test(
    name,
  );

/** Complete options of an export. */
type Complete = ExportOptions & Required<Pick<ExportOptions, 'format' | 'overwrite'>>;

/** @throws {InvalidArgumentError} when an option is invalid */
export function checkedExport(options: ExportOptions): Complete {
  const {
    format = 'saved-model',
    quantization,
    overwrite = false,
  } = onlyOptions(options, {
    format: 'any',
    quantization: 'any',
    overwrite: 'boolean',
  });
  if (!exportFormats.includes(format))
    throw new InvalidArgumentError(`a format is one of ${exportFormats.join(', ')}, not ${shown(format)}`);
  if (quantization !== undefined && format !== 'tfjs')
    throw new InvalidArgumentError(`quantization is for the format tfjs, not ${format}`);
  return { format, quantization, overwrite };
}

/**
 * Exports a model of a session.
 *
 * @returns the path that other programs load
 */
export async function exportModel(
  session: Session,
  { inputs, outputs }: ModelSignature,
  folder: string,
  { format, quantization, overwrite }: Complete,
): Promise<string> {
  const into = {
    'saved-model': async (pending: string) => {
      await simpleSave(session, pending, inputs, outputs);
      await keepAnswersOnly(session.graph, pending);
    },
    frozen: async (pending: string) => {
      const nodes = Object.values(outputs);
      const def = decodeGraphDef(session.graph.toGraphDef());
      removeDropout(session.graph, def);
      replaceFileSync(
        path.join(pending, FROZEN),
        await convertVariablesToConstants(session, encodeGraphDef(def), nodes),
      );
    },
    tfjs: (pending: string) => exportGraphModel(session, outputs, pending, { inputs, quantization }),
    page: (pending: string) =>
      writePage({ session, images: inputs.images, logits: outputs.logits } as DigitModel, pending),
  };
  await replaceFolder(folder, async (pending) => void (await into[format](pending)), isExported, overwrite);
  return {
    'saved-model': folder,
    frozen: path.join(folder, FROZEN),
    tfjs: path.join(folder, 'model.json'),
    page: path.join(folder, PAGE),
  }[format];
}
