/** A pad on which one draws a digit, and a network reads it. */
import { IMAGE_PIXELS } from '../../../mnist/sizes';
import { html } from '../../../notebook/page/elements';
import { messageOf } from '../../../runtime/errorContext';
import type { Answer, ExportedReader, Prepared, Question, Reply } from '../answer';
import { type PadLanguage, type PadWords, padWords } from '../words';
import { Paper } from './paper';
import { style } from './style';
import { Bars, DigitView, LayerViews } from './views';

/** Where a pad's network is, and what it speaks. */
export interface PadSource {
  readonly language: PadLanguage;
  /** The worker's scripts: what prepares drawings, and before it, where that doesn't run the network that is in the page, what does. */
  readonly scripts: readonly string[] | Promise<readonly string[]>;
  /** The network in the page. */
  network?(): Promise<ExportedReader>;
  /** Or else what asks one that is elsewhere. */
  ask?(pixels: Uint8Array): Promise<Answer>;
}

/** How long one who asks elsewhere waits to ask again, in milliseconds: the network there may have learned by then. */
const AGAIN_MS = 250;
/** So long the pen rests before a screen reader is told what the network reads. */
const REST_MS = 600;

const SUPPRESS = 'data-lm-suppress-shortcuts';

/** A pad in the page. */
class Pad {
  readonly #source: PadSource;
  readonly #says: PadWords;
  readonly #paper: Paper;
  readonly #digit: DigitView;
  readonly #bars: Bars;
  readonly #layers: LayerViews;
  readonly #status = html('p');
  readonly element: HTMLElement;
  #worker: Worker | undefined;
  /** How many drawings the worker was given, whether it works on the last, and whether that has changed since. */
  #given = 0;
  #isAtWork = false;
  #hasChanged = false;
  #isAsking = false;
  #prepared: Prepared | undefined;
  #speaking: ReturnType<typeof setTimeout> | undefined;
  #words = '';
  #asking: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(source: PadSource) {
    this.#source = source;
    this.#begin().catch((error: unknown) => this.#fail(error)); // first: a thread starts while the elements are made
    const says = padWords[source.language];
    this.#says = says;
    this.#digit = new DigitView(says);
    this.#bars = new Bars(says);
    this.#layers = new LayerViews(says);
    this.#paper = new Paper(says, { changed: () => this.#drawn(), said: (words) => this.#say(words) });
    this.#status.setAttribute('role', 'status');
    const button = (textContent: string, onclick: () => void) =>
      html('button', { type: 'button', textContent, onclick });
    const buttons = html('div', { className: 'tf-mechanics-buttons' }, [
      button(says.undo, () => this.#paper.undo()),
      button(says.clear, () => this.#paper.clear()),
      ...(source.ask ? [button(says.again, () => this.#askAgain())] : []),
    ]);
    this.#digit.element.className = 'tf-mechanics-seen';
    this.element = html('div', { className: 'tf-mechanics-pad' }, [
      html('style', { textContent: style }),
      html('div', { className: 'tf-mechanics-parts' }, [
        html('div', { className: 'tf-mechanics-drawing' }, [this.#paper.element, buttons]),
        this.#digit.element,
        this.#bars.element,
      ]),
      this.#status,
      this.#layers.element,
    ]);
    // JupyterLab would take keys for its own, and looks at what has the focus first.
    for (const control of [this.#paper.element, ...buttons.children]) control.setAttribute(SUPPRESS, 'true');
    this.#say(this.#says.empty);
  }

  /** Ends it. */
  close(): void {
    this.#isOver = true;
    clearTimeout(this.#speaking);
    clearTimeout(this.#asking);
    this.#worker?.terminate();
  }

  async #begin(): Promise<void> {
    const coming = this.#source.network?.();
    const { scripts } = this.#source;
    this.#startWorker(scripts instanceof Promise ? await scripts : scripts);
    if (!coming) return;
    const network = await coming;
    if (this.#worker) post(this.#worker, { kind: 'network', network }, [network.weights]);
  }

  #startWorker(scripts: readonly string[]): void {
    if (this.#isOver) return;
    const url = URL.createObjectURL(
      new Blob(
        scripts.map((script) => `${script}\n`),
        { type: 'text/javascript' },
      ),
    );
    const worker = new Worker(url);
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#take(data);
    worker.onerror = ({ message }) => this.#fail(new Error(message || 'its worker does not start'));
    this.#worker = worker;
    this.#work();
  }

  #drawn(): void {
    this.#hasChanged = true;
    this.#keepQuiet(); // what is read of half a drawing is for bars
    this.element.dataset.state = 'reading';
    queueMicrotask(() => this.#work()); // once for all that is drawn at once
  }

  /** Has the drawing read as it is now; only the newest one, when the one before has been. */
  #work(): void {
    if (!this.#worker || this.#isAtWork || !this.#hasChanged) return;
    this.#hasChanged = false;
    const { strokes } = this.#paper;
    if (strokes.length === 0) {
      this.#showNothing();
      return;
    }
    this.#isAtWork = true;
    post(this.#worker, { kind: 'drawing', number: ++this.#given, strokes });
  }

  #take(reply: Reply): void {
    if (reply.kind === 'prepared') {
      this.#prepared = reply.prepared;
      this.#digit.show(reply.prepared.pixels);
      if (this.#source.ask) this.#ask();
      if (reply.isAnswered) return;
    } else if (reply.kind === 'answer') {
      this.#show(reply.answer, reply.number === this.#given);
      if (reply.number !== this.#given) return;
    } else this.#say(`${reply.problem[0]!.toUpperCase()}${reply.problem.slice(1)}.`);
    this.#isAtWork = false;
    this.#work();
  }

  /** Asks what is elsewhere, again and again as long as something is drawn. */
  #ask(): void {
    clearTimeout(this.#asking);
    if (this.#isAsking || this.#isOver || !this.#prepared) return;
    this.#isAsking = true;
    const asked = this.#prepared;
    this.#source.ask!(asked.pixels).then(
      (answer) => {
        this.#isAsking = false;
        if (!this.#prepared) return;
        this.#show(answer, asked === this.#prepared);
        if (asked !== this.#prepared) this.#ask();
        else this.#asking = setTimeout(() => this.#ask(), AGAIN_MS);
      },
      (error: unknown) => {
        this.#isAsking = false;
        this.#fail(error);
      },
    );
  }

  /** Asks at once, also after there was no answer; what comes is said anew, though it be the same. */
  #askAgain(): void {
    if (!this.#prepared) return;
    this.#keepQuiet();
    this.#say(this.#says.asked);
    this.#ask();
  }

  /** @param isNewest whether it is of what is drawn now, as far as the worker was told */
  #show(answer: Answer, isNewest: boolean): void {
    if (this.#paper.strokes.length === 0) return;
    this.#bars.show(answer.probabilities);
    this.#layers.show(answer.layers);
    if (isNewest && !this.#hasChanged) this.element.dataset.state = 'read';
    this.#words = this.#says.reads(answer.probabilities, this.#prepared?.warnings[0]);
    // Answers that come sooner, since a session is asked again and again, don't put it off.
    this.#speaking ??= setTimeout(() => {
      this.#speaking = undefined;
      this.#say(this.#words);
    }, REST_MS);
  }

  #showNothing(): void {
    this.#prepared = undefined;
    this.#keepQuiet();
    this.#digit.show(new Uint8Array(IMAGE_PIXELS));
    this.#bars.show();
    this.#layers.clear();
    this.element.dataset.state = 'empty';
    this.#say(this.#says.empty);
  }

  #keepQuiet(): void {
    clearTimeout(this.#speaking);
    this.#speaking = undefined;
  }

  #say(words: string): void {
    if (this.#status.textContent !== words) this.#status.textContent = words;
  }

  #fail(error: unknown): void {
    this.#say(this.#says.fails(messageOf(error)));
  }
}

function post(worker: Worker, question: Question, transfer: Transferable[] = []): void {
  worker.postMessage(question, transfer);
}

/** Puts a pad into an element, in the place of what is there; the result takes it away. */
export function mountPad(element: HTMLElement, source: PadSource): () => void {
  const pad = new Pad(source);
  element.replaceChildren(pad.element);
  return () => pad.close();
}
