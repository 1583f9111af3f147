/** Counts the steps of a loop and displays the count. */
import { randomUUID } from 'node:crypto';
import { Presets, SingleBar } from 'cli-progress';
import { escapeHtml } from '../../runtime/html';
import { type MimeBundle, type NotebookHost, notebookHost } from '../../runtime/notebookHost';
import { inLanguage } from '../language';

/** The interval between two updates, in milliseconds. */
const PERIOD = 100;

/** The displayed state of a loop. */
interface State {
  label: string;
  done: number;
  total: number | undefined;
  /** The count, the rate and the times, as text. */
  text: string;
  ended: boolean;
}

/** A display of the state. */
interface View {
  /** Shows a state, also the final one. */
  show(state: State): void;
}

export class Meter {
  readonly #label: string;
  readonly #total: number | undefined;
  /** The display id of the bar in a notebook. */
  readonly displayId = randomUUID();
  #view: View | undefined;
  #start: number | undefined;
  #end: number | undefined;
  #done = 0;
  #complete = false;
  #nextPicture = 0;

  constructor(label: string, total: number | undefined) {
    this.#label = label;
    this.#total = total;
  }

  get hasBegun(): boolean {
    return this.#start !== undefined;
  }

  /** Begins the loop: shows the bar. */
  begin(): void {
    this.#view = viewHere(this.displayId);
    this.#start = performance.now();
    this.#show(this.#start);
  }

  /** Counts a step. */
  step(): void {
    this.#done++;
    const now = performance.now();
    if (now >= this.#nextPicture) this.#show(now);
  }

  /** Marks all steps as done, whatever their announced number was. */
  complete(): void {
    this.#complete = true;
  }

  /** Ends the loop, complete or not. */
  end(): void {
    this.#end = performance.now();
    this.#show(this.#end);
  }

  /** The bar's MIME bundle. */
  bundle(): MimeBundle {
    return barBundle(this.#state(performance.now()));
  }

  toString(): string {
    const { label, text } = this.#state(performance.now());
    return [label, text].filter(Boolean).join(' ');
  }

  #show(now: number): void {
    this.#view?.show(this.#state(now));
    this.#nextPicture = now + PERIOD;
  }

  #state(now: number): State {
    const ended = this.#end !== undefined;
    const seconds = ((this.#end ?? now) - (this.#start ?? now)) / 1000;
    const done = this.#done;
    const total = this.#complete ? done : this.#total;
    const parts = [total === undefined ? countText(done) : `${countText(done)}/${countText(total)}`];
    if (ended && !this.#complete) parts[0] = inLanguage({ en: `stopped at ${parts[0]}`, zh: `停在 ${parts[0]}` });
    if (done > 0 && seconds > 0) parts.push(rateText(done / seconds));
    if (ended) parts.push(timeText(seconds));
    else if (done > 0 && total !== undefined) parts.push(leftText((seconds / done) * (total - done)));
    return { label: this.#label, done, total, text: parts.join(', '), ended };
  }
}

function viewHere(displayId: string): View | undefined {
  const host = notebookHost();
  if (host) return notebookView(host, displayId);
  return process.stderr.isTTY ? terminalView() : undefined;
}

function notebookView(host: NotebookHost, displayId: string): View {
  let update = false;
  return {
    show(state) {
      host.display(barBundle(state), { displayId, update });
      update = true;
    },
  };
}

function barBundle({ label, done, total, text, ended }: State): MimeBundle {
  const value = total === undefined ? '' : ` value="${done}" max="${Math.max(total, 1)}"`;
  // A bar of unknown length is animated.
  const bar =
    ended && total === undefined ? '' : `<progress${value} style="width:16em;min-width:4em;flex:0 1 auto"></progress>`;
  const numbers = `<span style="white-space:nowrap">${escapeHtml(text)}</span>`; // in a narrow page, the bar and the label shrink
  const cells = [escapeHtml(label), bar, numbers].filter(Boolean).join(' ');
  return {
    'text/html': `<div style="display:flex;gap:.7em;align-items:center">${cells}</div>`,
    'text/plain': [label, text].filter(Boolean).join(' '),
  };
}

function terminalView(): View {
  let bar: SingleBar | undefined;
  return {
    show({ label, done, total, text, ended }) {
      const shown = { before: label && `${label} `, text };
      bar ??= begun(total, shown);
      bar.setTotal(total ?? done);
      bar.update(done, shown);
      if (ended) bar.stop();
    },
  };
}

function begun(total: number | undefined, shown: object): SingleBar {
  const format = total === undefined ? '{before}{text}' : '{before}{bar} {text}';
  // Ctrl-C is left to the program.
  const bar = new SingleBar({ format, gracefulExit: false, barsize: 30 }, Presets.shades_classic);
  bar.start(total ?? 0, 0, shown);
  return bar;
}

const countText = (count: number) => count.toLocaleString('en');

const leftText = (seconds: number) => inLanguage({ en: `${timeText(seconds)} left`, zh: `还剩 ${timeText(seconds)}` });

function rateText(rate: number): string {
  return rate >= 1
    ? `${Number(rate.toPrecision(3)).toLocaleString('en')}/s`
    : inLanguage({ en: `${timeText(1 / rate)} each`, zh: `每步 ${timeText(1 / rate)}` });
}

function timeText(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => `${value}`.padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
