/** Counts the steps of a loop and shows the count where it runs. */
import { randomUUID } from 'node:crypto';
import { Presets, SingleBar } from 'cli-progress';
import { escapeHtml } from '../../runtime/html';
import { type NotebookHost, notebookHost } from '../../runtime/notebookHost';

/** Milliseconds between two pictures. */
const PERIOD = 100;

/** What is shown of a loop. */
interface State {
  label: string;
  done: number;
  total: number | undefined;
  /** The count, the rate and the times, as text. */
  text: string;
}

/** Where it is shown. */
interface View {
  show(state: State): void;
  /** Shows the last state. */
  end(state: State): void;
}

export class Meter {
  readonly #label: string;
  readonly #total: number | undefined;
  readonly #view: View | undefined = viewHere();
  readonly #start = performance.now();
  #done = 0;
  #complete = false;
  #nextPicture = this.#start;

  constructor(label: string, total: number | undefined) {
    this.#label = label;
    this.#total = total;
    this.#show(this.#start);
  }

  /** Another step is done. */
  step(): void {
    this.#done++;
    const now = performance.now();
    if (now >= this.#nextPicture) this.#show(now);
  }

  /** All steps are done, whatever their number was said to be. */
  complete(): void {
    this.#complete = true;
  }

  /** The loop has ended, be it complete or not. */
  end(): void {
    this.#view?.end(this.#state(performance.now(), true));
  }

  #show(now: number): void {
    this.#view?.show(this.#state(now, false));
    this.#nextPicture = now + PERIOD;
  }

  #state(now: number, ended: boolean): State {
    const seconds = (now - this.#start) / 1000;
    const done = this.#done;
    const total = this.#complete ? done : this.#total;
    const parts = [total === undefined ? countText(done) : `${countText(done)}/${countText(total)}`];
    if (ended && !this.#complete) parts[0] = `stopped at ${parts[0]}`;
    if (done > 0 && seconds > 0) parts.push(rateText(done / seconds));
    if (ended) parts.push(timeText(seconds));
    else if (done > 0 && total !== undefined) parts.push(`${timeText((seconds / done) * (total - done))} left`);
    return { label: this.#label, done, total, text: parts.join(', ') };
  }
}

function viewHere(): View | undefined {
  const host = notebookHost();
  if (host) return notebookView(host);
  return process.stderr.isTTY ? terminalView() : undefined;
}

function notebookView(host: NotebookHost): View {
  const displayId = randomUUID();
  let update = false;
  const show = ({ label, text }: State, bar: string) => {
    const cells = [escapeHtml(label), bar, escapeHtml(text)].filter(Boolean).join(' ');
    const data = {
      'text/html': `<div style="display:flex;gap:.7em;align-items:center">${cells}</div>`,
      'text/plain': [label, text].filter(Boolean).join(' '),
    };
    host.display(data, { displayId, update });
    update = true;
  };
  const barOf = ({ done, total }: State) =>
    `<progress${total === undefined ? '' : ` value="${done}" max="${Math.max(total, 1)}"`} style="width:16em"></progress>`;
  return {
    show: (state) => show(state, barOf(state)),
    end: (state) => show(state, state.total === undefined ? '' : barOf(state)), // a bar without an end goes on moving
  };
}

function terminalView(): View {
  let bar: SingleBar | undefined;
  const show = ({ label, done, total, text }: State) => {
    const shown = { before: label && `${label} `, text };
    bar ??= begun(total, shown);
    bar.setTotal(total ?? done);
    bar.update(done, shown);
  };
  return {
    show,
    end(state) {
      show(state);
      bar?.stop();
    },
  };
}

function begun(total: number | undefined, shown: object): SingleBar {
  const format = total === undefined ? '{before}{text}' : '{before}{bar} {text}';
  // Ctrl-C is the program's.
  const bar = new SingleBar({ format, gracefulExit: false, barsize: 30 }, Presets.shades_classic);
  bar.start(total ?? 0, 0, shown);
  return bar;
}

const countText = (count: number) => count.toLocaleString('en');

function rateText(rate: number): string {
  return rate >= 1 ? `${Number(rate.toPrecision(3)).toLocaleString('en')}/s` : `${timeText(1 / rate)} each`;
}

function timeText(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => `${value}`.padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
