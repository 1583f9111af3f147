/** What there is to see in the reader's own run, folded below a question, so that one can look oneself first. */
import { inspect } from 'node:util';
import { escapeHtml } from '../../runtime/html';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { type Bilingual, inLanguage } from '../language';

const QUESTION: Bilingual = {
  en: 'What do you see? Look first, then open this: it tells of your own run.',
  zh: '你看到了什么？先自己看，再展开：这里说的是你自己的这次运行。',
};

/** What there is to see, a sentence each; the functions of `observe` make it. A notebook shows it folded, a terminal as a list. */
export class Observation implements Displayable {
  /** The sentences, in the notebook's language. */
  readonly sentences: readonly string[];

  /** @internal */
  constructor(sentences: readonly Bilingual[]) {
    this.sentences = sentences.map(inLanguage);
  }

  /** The sentences, a line each. */
  toString(): string {
    return this.sentences.map((sentence) => `- ${sentence}`).join('\n');
  }

  /** As the notebook shows it: folded. */
  [jupyterDisplay](): MimeBundle {
    const items = this.sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('');
    const html = `<details><summary style="cursor:pointer">${escapeHtml(inLanguage(QUESTION))}</summary><ul>${items}</ul></details>`;
    return { 'text/html': html, 'text/plain': `${this}` };
  }

  /** The same text as a REPL shows it. */
  [inspect.custom](): string {
    return this.toString();
  }
}
