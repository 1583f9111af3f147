// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Question, Reply } from '../answer';
import { mountPad, type PadSource } from './pad';

/** A worker that is told things, and says what a test has it say. */
class FakeWorker {
  static last: FakeWorker | undefined;
  readonly told: Question[] = [];
  onmessage: ((event: { data: Reply }) => void) | undefined;
  constructor() {
    FakeWorker.last = this;
  }
  postMessage(question: Question) {
    this.told.push(question);
  }
  terminate() {}
  says(reply: Reply) {
    this.onmessage!({ data: reply });
  }
}

const pixels = new Uint8Array(784);
const answer = (digit: number): Answer => ({
  probabilities: Array.from({ length: 10 }, (_, each) => (each === digit ? 0.91 : 0.01)),
  layers: [],
});
const prepared = (number: number, isAnswered: boolean, ...warnings: string[]): Reply => ({
  kind: 'prepared',
  number,
  prepared: { pixels, warnings },
  isAnswered,
});

let close: () => void;
const element = () => document.querySelector<HTMLElement>('.tf-mechanics-pad')!;
const status = () => document.querySelector('[role=status]')!.textContent;
const buttons = () => [...document.querySelectorAll('button')].map(({ textContent }) => textContent);
const worker = () => FakeWorker.last!;

function mount(source: Omit<PadSource, 'language' | 'scripts'>, language: PadSource['language'] = 'en') {
  const place = document.body.appendChild(document.createElement('div'));
  close = mountPad(place, { language, scripts: [''], ...source });
}

/** Draws by keys, all at once: a point, and some more. */
async function draw(...keys: string[]) {
  const paper = document.querySelector('.tf-mechanics-paper')!;
  for (const key of keys) paper.dispatchEvent(new KeyboardEvent('keydown', { key }));
  await Promise.resolve();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal(
    'ImageData',
    class {
      data = new Uint8ClampedArray(4 * 784);
    },
  );
  vi.stubGlobal('URL', { createObjectURL: () => 'blob:' });
  HTMLCanvasElement.prototype.getContext = (() => ({ putImageData() {}, clearRect() {} })) as never;
});
afterEach(() => {
  close();
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a pad whose network is in the page', () => {
  it('starts its worker at once, and shows a drawing before the network is there', async () => {
    let come: (network: { json: string; weights: ArrayBuffer }) => void = () => {};
    mount({ network: () => new Promise((resolve) => (come = resolve)) });
    await draw(' ');
    worker().says(prepared(1, false));
    await draw('ArrowDown');
    expect(worker().told.map(({ kind }) => kind)).toEqual(['drawing', 'drawing']);
    come({ json: '{}', weights: new ArrayBuffer(0) });
    await vi.advanceTimersByTimeAsync(0);
    expect(worker().told.at(-1)!.kind).toBe('network');
  });

  it('has what is drawn at once read once', async () => {
    mount({ network: () => new Promise(() => {}) });
    await draw(' ', 'ArrowDown', 'ArrowDown');
    expect(worker().told).toEqual([
      { kind: 'drawing', number: 1, strokes: [[expect.anything(), [0.5, 0.29], [0.5, expect.closeTo(0.33)]]] },
    ]);
  });

  it('has been read when the answer is of the newest drawing', async () => {
    mount({ network: () => new Promise(() => {}) });
    await draw(' ');
    worker().says(prepared(1, false));
    await draw('ArrowDown');
    worker().says({ kind: 'answer', number: 1, answer: answer(3) });
    expect(element().dataset.state).toBe('reading');
    worker().says(prepared(2, true));
    worker().says({ kind: 'answer', number: 2, answer: answer(4) });
    expect(element().dataset.state).toBe('read');
  });

  it('speaks Chinese in Chinese notebooks', async () => {
    mount({ network: () => new Promise(() => {}) }, 'zh');
    expect([status(), buttons()]).toEqual(['请画一个数字。', ['撤销', '清除']]);
    await draw(' ');
    worker().says(prepared(1, true, 'there is more than one mark'));
    worker().says({ kind: 'answer', number: 1, answer: answer(3) });
    vi.advanceTimersByTime(1000);
    expect(status()).toBe('网络读作 3，把握 91 %。不过画的也许不止一个数字。');
    document.querySelector('.tf-mechanics-pad style')!.remove();
    expect(document.body.textContent).not.toMatch(/[a-z]{4}/);
  });
});

describe('a pad that asks a session', () => {
  const ask = vi.fn<NonNullable<PadSource['ask']>>();
  beforeEach(() => ask.mockReset());

  it('asks again by itself as long as something is drawn', async () => {
    ask.mockResolvedValueOnce(answer(3)).mockResolvedValue(answer(8));
    mount({ ask });
    await draw(' ');
    worker().says(prepared(1, false));
    await vi.advanceTimersByTimeAsync(1000);
    expect(ask.mock.calls.length).toBeGreaterThan(2);
    expect(status()).toBe('The network reads 8, 91 % sure.');
  });

  it('asks again by a button where there was no answer, and the drawing stays', async () => {
    ask.mockRejectedValueOnce(new Error('the session is closed')).mockResolvedValue(answer(8));
    mount({ ask });
    expect(buttons()).toEqual(['Undo', 'Clear', 'Read again']);
    const again = [...document.querySelectorAll('button')].at(-1)!;
    again.click();
    expect([ask.mock.calls.length, status()]).toEqual([0, 'Draw a digit.']); // there is nothing to be read
    await draw(' ');
    worker().says(prepared(1, false));
    await vi.advanceTimersByTimeAsync(1000);
    expect(status()).toBe("The network can't read it: the session is closed");
    again.click();
    expect([ask.mock.calls.length, status()]).toEqual([2, 'Asked again.']);
    await vi.advanceTimersByTimeAsync(700);
    expect(status()).toBe('The network reads 8, 91 % sure.');
    expect(document.querySelectorAll('.tf-mechanics-paper path[d]').length).toBe(2); // the pen and the stroke
  });
});
