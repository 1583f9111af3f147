/** `drawDigit`: one draws a digit, and the network just trained reads it. */
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

/** How {@link drawDigit} asks. */
export interface DrawDigitOptions {
  /**
   * What reads the digit: the network as it is now, in the page, where it also lives without a kernel; or what the session has at each
   * moment, so that a network that trains is seen to get better. Where a notebook has no widgets, it is in the page in any case.
   *
   * @defaultValue `'page'`
   */
  via?: 'page' | 'session';
}

/** A pad to draw digits on; {@link drawDigit} makes one. A notebook shows it where it is a cell's last expression, or displayed. */
export class DigitPad implements Displayable {
  readonly #asked: DigitClassifier | DigitReader;
  readonly #via: 'page' | 'session';
  #model: WidgetModel | undefined;

  /** @internal */
  constructor(asked: DigitClassifier | DigitModel, { via = 'page' }: DrawDigitOptions) {
    this.#asked = asked instanceof DigitClassifier ? asked : new DigitReader(asked);
    this.#via = via;
  }

  /** The pad, alive where scripts run; elsewhere a picture of a digit that was drawn, and what the network says of it. */
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

  /** Tells the page what the network says of what it asks. */
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

  /** What it is. */
  [inspect.custom](): string {
    return 'a pad to draw digits on, which notebooks show';
  }
}

/**
 * A pad on which one draws a digit, with mouse, finger, pen or keys, and the network reads it while it is drawn. The drawing is prepared as
 * MNIST's digits were, which is shown beside it; ten bars show how probable each digit is, and below is what the layers of a convolutional
 * network make of it.
 *
 * It lives in the page, with the network, exported for TensorFlow.js, as it is when the pad is shown; so it goes on living in the HTML that
 * nbconvert makes of the notebook. `via: 'session'` asks the session instead, as long as the kernel runs.
 *
 * @param agentOrModel a model of digits, or the session and the tensors of a network
 * @throws {InvalidArgumentError} when the network doesn't take images of 28 × 28, or doesn't tell ten digits apart
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
