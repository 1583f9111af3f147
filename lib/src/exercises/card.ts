/** The HTML of a check's result, in the colours of the page. Symbols are always accompanied by words. */

import { inLanguage } from '../notebook/language';
import { escapeHtml } from '../runtime/html';

const RIGHT = 'var(--jp-success-color1, #2e7d32)';
const MISSING = 'var(--jp-warn-color1, #b45309)';
const NEUTRAL = 'var(--jp-border-color1, GrayText)';

/** Text as HTML: backticks mark code, and asterisks around a word emphasize it. */
export const rich = (text: string): string =>
  escapeHtml(text).replace(/`([^`]*)`|\*([^\s*]+)\*/g, (_, code?: string, word?: string) =>
    code === undefined ? `<em>${word}</em>` : `<code>${code}</code>`,
  );

/** A sign for right or missing, in the text's colour: the page's green and orange have too little contrast. */
export function mark(isRight: boolean, otherwise = '·'): string {
  return `<span aria-hidden="true" style="font-weight:bold">${isRight ? '✓' : otherwise}</span>`;
}

/** A list item: something right, or something missing. */
export function item(isRight: boolean, text: string): string {
  const word = inLanguage(isRight ? { en: 'Right:', zh: '正确：' } : { en: 'Missing:', zh: '还缺：' });
  return (
    `<li style="margin:2px 0;padding-left:1.4em;text-indent:-1.4em">${mark(isRight, '✗')} ` +
    `<b style="font-weight:600">${word}</b> ${rich(text)}</li>`
  );
}

/** The state of a card and the next action. */
interface CardOptions {
  /** Determines the colour of the edge. */
  state?: 'right' | 'missing' | undefined;
  advice?: string;
}

/** A card: HTML below a heading, with an edge. */
export function card(heading: string, body: string, { state, advice = '' }: CardOptions = {}): string {
  const edge = state === 'right' ? RIGHT : state === 'missing' ? MISSING : NEUTRAL;
  const below = advice === '' ? '' : `<div style="opacity:.8">${rich(advice)}</div>`;
  return (
    `<section aria-label="${escapeHtml(heading)}" style="border-left:4px solid ${edge};padding:4px 12px;max-width:46em;line-height:1.5">` +
    `<b>${rich(heading)}</b>${body}${below}</section>`
  );
}
