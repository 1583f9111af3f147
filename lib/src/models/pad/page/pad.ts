/** A pad on which you draw a digit, and a network reads it. */
import { IMAGE_PIXELS } from '../../../mnist/sizes';
import { html } from '../../../notebook/page/elements';
import { messageOf } from '../../../runtime/errorContext';
import type { Answer, ExportedReader, Prepared, Question, Reply } from '../answer';
import { type PadLanguage, type PadWords, padWords } from '../words';
import { Paper } from './paper';
import { style } from './style';
import { Bars, DigitView, LayerViews } from './views';

/** The network of a pad, and the language. */
export interface PadSource {
  readonly language: PadLanguage;
  /**
   * The worker's scripts: the one that prepares drawings, preceded by TensorFlow.js if the network in the page needs
   * it.
   */
  readonly scripts: readonly string[] | Promise<readonly string[]>;
  /** The network in the page. */
  network?(): Promise<ExportedReader>;
  /** Otherwise, asks a network elsewhere. */
  ask?(pixels: Uint8Array): Promise<Answer>;
}

/** The delay before a network elsewhere is asked again, in milliseconds: it may have learned meanwhile. */
const AGAIN_MS = 250;
/** How long the pen rests before the answer is announced to a screen reader, in milliseconds. */
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
  /**
   * The number of drawings given to the worker, whether it works on the last one, and whether the drawing has changed
   * since.
   */
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
    this.#begin().catch((error: unknown) => this.#fail(error)); // first: a thread starts while the elements are created
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
    // JupyterLab would handle keys itself; it checks which element has the focus first.
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
    this.#keepQuiet(); // answers for half a drawing are shown only as bars
    this.element.dataset.state = 'reading';
    queueMicrotask(() => this.#work()); // once for everything drawn in one go
  }

  /** Has the current drawing read, once the previous one has been read. */
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

  /** Asks a network elsewhere, repeatedly as long as there is a drawing. */
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

  /** Asks immediately, also after a failure; the answer is announced again even if it is the same. */
  #askAgain(): void {
    if (!this.#prepared) return;
    this.#keepQuiet();
    this.#say(this.#says.asked);
    this.#ask();
  }

  /** @param isNewest whether it answers the current drawing, as far as the worker knows it */
  #show(answer: Answer, isNewest: boolean): void {
    if (this.#paper.strokes.length === 0) return;
    this.#bars.show(answer.probabilities);
    this.#layers.show(answer.layers);
    if (isNewest && !this.#hasChanged) this.element.dataset.state = 'read';
    this.#words = this.#says.reads(answer.probabilities, this.#prepared?.warnings[0]);
    // Answers that arrive sooner, because a session is asked repeatedly, don't postpone it.
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

/** Puts a pad into an element, replacing its content; the returned function removes it. */
export function mountPad(element: HTMLElement, source: PadSource): () => void {
  const pad = new Pad(source);
  element.replaceChildren(pad.element);
  return () => pad.close();
}
