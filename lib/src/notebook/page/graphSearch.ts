/** The search field of a graph. */
import type { GraphNode } from '../graph/hierarchy';
import type { GraphWords } from '../graph/words';
import { html } from './elements';

export class Search {
  readonly element: HTMLElement;
  readonly #field = html('input', { type: 'search' });
  readonly #told = html('span', { className: 'faint' });
  readonly #find: (text: string) => readonly GraphNode[];
  readonly #show: (found: readonly GraphNode[], at: number) => void;
  readonly #says: GraphWords;
  #found: readonly GraphNode[] = [];
  #at = 0;

  /**
   * @param find returns the nodes for a text
   * @param show shows all results, with the one at an index as the current one; an empty field has no results
   */
  constructor(
    find: (text: string) => readonly GraphNode[],
    show: (found: readonly GraphNode[], at: number) => void,
    says: GraphWords,
  ) {
    this.#find = find;
    this.#show = show;
    this.#says = says;
    this.#field.placeholder = says.search;
    this.#field.setAttribute('aria-label', says.searching);
    this.#told.setAttribute('role', 'status');
    this.element = html('div', { className: 'search' }, [this.#field, this.#told]);
    this.#field.addEventListener('input', () => {
      this.#found = this.#find(this.#field.value);
      this.#go(0);
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.clear();
      else if (event.key !== 'Enter') return;
      else if (this.#found.length > 0) this.#go(this.#at + (event.shiftKey ? -1 : 1));
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** Clears the field and the results, unless it is already empty. */
  clear(): void {
    if (this.#field.value === '') return;
    this.#field.value = '';
    this.#found = [];
    this.#go(0);
  }

  #go(to: number): void {
    const { length } = this.#found;
    this.#at = length === 0 ? 0 : (to + length) % length;
    const shown = this.#found[this.#at];
    if (shown) this.#told.textContent = this.#says.found(this.#at + 1, length, shown.name);
    else this.#told.textContent = this.#field.value.trim() === '' ? '' : this.#says.nothing;
    this.#show(this.#found, this.#at);
  }
}
