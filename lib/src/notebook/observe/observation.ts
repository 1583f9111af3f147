/** What the reader's own run shows, folded below a question, so that readers can look for themselves first. */
import { inspect } from 'node:util';
import { escapeHtml } from '../../runtime/html';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { type Bilingual, inLanguage } from '../language';

const QUESTION: Bilingual = {
  en: 'What do you see? Look first, then open this: it tells of your own run.',
  zh: '你看到了什么？先自己看，再展开：这里说的是你自己的这次运行。',
};

/**
 * Observations, a sentence each, made by the functions of `observe`. A notebook shows them folded, a terminal as a
 * list.
 */
export class Observation implements Displayable {
  /** The sentences, in the notebook's language. */
  readonly sentences: readonly string[];

  /** @internal */
  constructor(sentences: readonly Bilingual[]) {
    this.sentences = sentences.map(inLanguage);
  }

  /** The sentences, one per line. */
  toString(): string {
    return this.sentences.map((sentence) => `- ${sentence}`).join('\n');
  }

  /** The folded display for a notebook. */
  [jupyterDisplay](): MimeBundle {
    const items = this.sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('');
    const html = `<details><summary style="cursor:pointer">${escapeHtml(inLanguage(QUESTION))}</summary><ul>${items}</ul></details>`;
    return { 'text/html': html, 'text/plain': `${this}` };
  }

  /** The same text, for a REPL. */
  [inspect.custom](): string {
    return this.toString();
  }
}
