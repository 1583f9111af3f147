/** Pictures and sounds in rows, below headings. */
import { inspect } from 'node:util';
import { escapeHtml } from '../../runtime/html';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { inLanguage } from '../language';

/** The items below one heading. */
export interface GalleryGroup {
  heading: string;
  /** One HTML element each. */
  items: readonly string[];
}

/**
 * The pictures or sounds of event files, for notebooks.
 *
 * @example
 * const gallery = await plot.imageSummaries('summaries/run1', { tags: 'input' });
 */
export class Gallery implements Displayable {
  readonly title: string;
  readonly groups: readonly GalleryGroup[];
  /** The number of items that aren't shown. */
  readonly omitted: number;

  constructor(title: string, groups: readonly GalleryGroup[], omitted = 0) {
    this.title = title;
    this.groups = groups;
    this.omitted = omitted;
  }

  [jupyterDisplay](): MimeBundle {
    const groups = this.groups.map(
      ({ heading, items }) =>
        `<div style="margin-top:6px">${escapeHtml(heading)}</div>` +
        `<div style="display:flex;flex-wrap:wrap;gap:4px">${items.map((item) => `<div>${item}</div>`).join('')}</div>`,
    );
    const more = this.omitted > 0 ? `<div style="margin-top:6px">${this.#more}</div>` : '';
    return {
      'text/html': `<div><b>${escapeHtml(this.title)}</b>${groups.join('')}${more}</div>`,
      'text/plain': this.toString(),
    };
  }

  /** The title, and a line per heading with its number of items. */
  toString(): string {
    const lines = this.groups.map(({ heading, items }) => `  ${heading}: ${items.length}`);
    return [this.title, ...lines, ...(this.omitted > 0 ? [this.#more] : [])].join('\n');
  }

  [inspect.custom](): string {
    return this.toString();
  }

  get #more(): string {
    return inLanguage({
      en: `… and ${this.omitted} more: choose tags or a step`,
      zh: `…… 还有 ${this.omitted} 个：可以选定 tags 或 step`,
    });
  }
}
