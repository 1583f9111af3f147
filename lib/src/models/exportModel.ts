/** A model for programs that have nothing of this library. */
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

/** What a model takes and gives. */
export interface ModelSignature {
  /** Placeholders, by the names that the model has for what is fed to them. */
  readonly inputs: NamedTensors;
  /** What it gives, by its names. */
  readonly outputs: NamedTensors;
}

/**
 * What programs there are to have a model: `saved-model` for Python, TensorFlow Serving and others, `frozen` for readers of graphs, `tfjs` for pages,
 * `page` for people, who draw digits on it.
 */
export type ExportFormat = 'saved-model' | 'frozen' | 'tfjs' | 'page';

/** All of them. */
export const exportFormats: readonly ExportFormat[] = ['saved-model', 'frozen', 'tfjs', 'page'];

/** How to export a model. */
export interface ExportOptions {
  /**
   * Whom it is for: `saved-model` is the folder that Python and TensorFlow Serving load, `frozen` one graph without variables, `tfjs` what
   * TensorFlow.js loads in a page, and `page`, of models of digits, a page for any web server on which one draws a digit and the model reads it.
   *
   * @defaultValue `'saved-model'`
   */
  format?: ExportFormat;
  /**
   * What weights are stored as, for TensorFlow.js.
   *
   * @defaultValue as they are
   */
  quantization?: Quantization;
  /**
   * Whether a model that is in the folder is replaced.
   *
   * @defaultValue `false`
   */
  overwrite?: boolean;
}

/** The file of a frozen graph. */
const FROZEN = 'frozen_graph.pb';

/** Whether something in a folder is of an exported model. */
const isExported = (name: string) =>
  /^(saved_model\.pb|variables|assets|frozen_graph\.pb|index\.html|model|model\.json|group\d+-shard\d+of\d+\.bin)$/.test(
    name,
  );

/** How to export a model, completely. */
type Complete = ExportOptions & Required<Pick<ExportOptions, 'format' | 'overwrite'>>;

/** @throws {InvalidArgumentError} when something of it can't be right */
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
 * Writes a model of a session.
 *
 * @returns the path that those are told who load it
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
