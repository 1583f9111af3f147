/** The texts of a pad, in the languages of notebooks. */
import { digitOf, percent } from './probabilities';

/** The texts of a pad in one language. */
export interface PadWords {
  readonly paper: string;
  readonly undo: string;
  readonly clear: string;
  readonly again: string;
  readonly empty: string;
  readonly asked: string;
  readonly penDown: string;
  readonly penUp: string;
  /** The caption of the 28 × 28 digit, also for screen readers. */
  readonly seen: string;
  readonly seenAs: string;
  readonly bars: string;
  /** The network's digit, after `…` reads. */
  digit(probabilities: ArrayLike<number>): string;
  /** The answer as a sentence, and a possible problem with the drawing. */
  reads(probabilities: ArrayLike<number>, warning?: string): string;
  layer(number: number, count: number, size: string): string;
  maps(number: number, count: number): string;
  fails(problem: string): string;
  /** The alternative text of a still. */
  alt(digit: string): string;
  text(digit: string): string;
}

const en: PadWords = {
  paper:
    'Drawing pad. Draw with mouse, finger or pen. By keys: arrows move the pen, Shift for small steps, Space puts it down and lifts it, Backspace takes the last stroke back, Delete clears.',
  undo: 'Undo',
  clear: 'Clear',
  again: 'Read again',
  empty: 'Draw a digit.',
  asked: 'Asked again.',
  penDown: 'Pen down.',
  penUp: 'Pen up.',
  seen: 'as the network gets it',
  seenAs: 'The digit in 28 by 28 pixels, prepared as those of MNIST.',
  bars: 'How probable each digit is',
  digit: (probabilities) => {
    const digit = digitOf(probabilities);
    return `${digit}, ${percent(probabilities[digit]!)} sure`;
  },
  reads: (probabilities, warning) =>
    `The network reads ${en.digit(probabilities)}.${warning ? ` But ${warning}.` : ''}`,
  layer: (number, count, size) => `layer ${number}: ${count} feature maps, ${size}`,
  maps: (number, count) => `${count} pictures that layer ${number} makes of the digit`,
  fails: (problem) => `The network can't read it: ${problem}`,
  alt: (digit) => `A pad on which a digit is drawn; the network reads ${digit}`,
  text: (digit) => `A pad to draw digits on. Of a 3 that was drawn before, the network says: ${digit}.`,
};

const zh: PadWords = {
  paper:
    '画板。用鼠标、手指或笔来画。用键盘：方向键移动笔，按住 Shift 走小步，空格键落笔或抬笔，Backspace 撤回最后一笔，Delete 全部清除。',
  undo: '撤销',
  clear: '清除',
  again: '再读一次',
  empty: '请画一个数字。',
  asked: '已再问一次。',
  penDown: '落笔。',
  penUp: '抬笔。',
  seen: '网络得到的样子',
  seenAs: '28×28 像素的数字，处理方式与 MNIST 相同。',
  bars: '各个数字的概率',
  digit: (probabilities) => {
    const digit = digitOf(probabilities);
    return `${digit}，把握 ${percent(probabilities[digit]!)}`;
  },
  // Drawings have only one kind of warning.
  reads: (probabilities, warning) =>
    `网络读作 ${zh.digit(probabilities)}。${warning ? '不过画的也许不止一个数字。' : ''}`,
  layer: (number, count, size) => `第 ${number} 层：${count} 张特征图，${size}`,
  maps: (number, count) => `第 ${number} 层由这个数字得到的 ${count} 张图`,
  fails: (problem) => `网络读不了：${problem}`,
  alt: (digit) => `画板，上面画着一个数字；网络读作 ${digit}`,
  text: (digit) => `可以画数字的画板。对事先画好的一个 3，网络说：${digit}。`,
};

/** Both languages. */
export const padWords = { en, zh };

/** The language of a pad. */
export type PadLanguage = keyof typeof padWords;
