/** `drawDigit`: draw a digit, and a trained network reads it. */
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { notebookLanguage } from '../../notebook/language';
import { anywidgetClass } from '../../notebook/widgets/anywidget';
import { WidgetModel } from '../../notebook/widgets/model';
import { pageCode } from '../../notebook/widgets/pageCode';
import { messageOf } from '../../runtime/errorContext';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { DigitClassifier } from '../digitClassifier';
import { type DigitModel, DigitReader } from './digitReader';
import { networkWithin, padHtml } from './padHtml';
import { sample } from './sample';
import { stillOf } from './still';
import { digitOf as prepared } from './strokes';
import { padWords } from './words';

/** Options of {@link drawDigit}. */
export interface DrawDigitOptions {
  /**
   * Where the network runs: in the page, as it is when the pad is shown, which works without a kernel; or in the
   * session, with its current values, so that you can watch a network improve while it trains. Without widgets, it
   * always runs in the page.
   *
   * @defaultValue `'page'`
   */
  via?: 'page' | 'session';
}

/**
 * A pad to draw digits on, created by {@link drawDigit}. A notebook shows it if it is the last expression of a cell, or
 * displayed.
 */
export class DigitPad implements Displayable {
  readonly #asked: DigitClassifier | DigitReader;
  readonly #via: 'page' | 'session';
  #model: WidgetModel | undefined;

  /** @internal */
  constructor(asked: DigitClassifier | DigitModel, { via = 'page' }: DrawDigitOptions) {
    this.#asked = asked instanceof DigitClassifier ? asked : new DigitReader(asked);
    this.#via = via;
  }

  /** The interactive pad; where scripts don't run, a picture of a drawn digit and the network's answer. */
  async [jupyterDisplay](): Promise<MimeBundle> {
    const reader = await this.#reader();
    const { pixels } = prepared(sample);
    const answer = await reader.read(pixels);
    const language = notebookLanguage();
    const says = padWords[language];
    const still = stillOf(sample, pixels, answer, language);
    const html = padHtml(`pad-${randomUUID()}`, await networkWithin(reader), still, language);
    const text = says.text(says.digit(answer.probabilities));
    const inPage = { 'text/html': html, 'text/plain': text };
    if (this.#via === 'page') return inPage;
    this.#model ??= this.#newModel();
    return this.#model.bundle(inPage);
  }

  #newModel(): WidgetModel {
    const fixed = {
      ...anywidgetClass(pageCode('padWidget')),
      preparation: pageCode('padPreparation'),
      language: notebookLanguage(),
    };
    const model = new WidgetModel(
      fixed,
      {},
      {
        onMessage: (content) => void this.#answer(model, (content ?? {}) as { question?: unknown; pixels?: unknown }),
      },
    );
    return model;
  }

  /** Sends the page the network's answer. */
  async #answer(model: WidgetModel, { question, pixels }: { question?: unknown; pixels?: unknown }): Promise<void> {
    if (typeof question !== 'number' || !Array.isArray(pixels)) return;
    try {
      const { probabilities, layers } = await (await this.#reader()).read(Uint8Array.from(pixels));
      const shapes = layers.map(({ shape }) => ({ shape }));
      model.send(
        { to: question, probabilities: Array.from(probabilities), layers: shapes },
        layers.map(({ data }) => data),
      );
    } catch (error) {
      model.send({ to: question, problem: messageOf(error) });
    }
  }

  async #reader(): Promise<DigitReader> {
    const asked = this.#asked;
    return asked instanceof DigitReader ? asked : new DigitReader(await asked.digitModel());
  }

  /** A description. */
  [inspect.custom](): string {
    return 'a pad to draw digits on, which notebooks show';
  }
}

/**
 * A pad on which you draw a digit, with mouse, finger, pen or keyboard, and the network reads it while you draw. The
 * drawing is prepared as MNIST's digits were, and the result is shown next to it. Ten bars show the probability of each
 * digit, and below are the feature maps of a convolutional network.
 *
 * The network runs in the page, exported for TensorFlow.js, as it is when the pad is shown; so the pad also works in
 * the HTML that nbconvert makes. `via: 'session'` asks the session instead, as long as the kernel runs.
 *
 * @param agentOrModel a model of digits, or the session and the tensors of a network
 * @throws {InvalidArgumentError} when the network doesn't take images of 28 × 28 pixels, or doesn't have ten classes
 *
 * @example
 * drawDigit(new models.Convnet({ resultDir: '../summaries/convnet' }));
 *
 * @example
 * drawDigit({ session, images, logits }, { via: 'session' });
 */
export function drawDigit(agentOrModel: DigitClassifier | DigitModel, options: DrawDigitOptions = {}): DigitPad {
  return new DigitPad(agentOrModel, onlyOptions(options, { via: ['page', 'session'] }));
}
