/** The table of the runs in a folder. */
import path from 'node:path';
import { inspect, types } from 'node:util';
import { checkPath, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { escapeHtml } from '../../runtime/html';
import { type Displayable, jupyterDisplay, type MimeBundle, notebookHost } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { display } from '../display';
import { inLanguage } from '../language';
import { aligned } from '../plot/aligned';
import { runningUrl } from '../tensorboard/tensorboard';
import { deleteRuns } from './deleteRuns';
import { type RunColumns, runColumns } from './runColumns';
import { type RunRow, runRows } from './runRows';
import { tableHtml } from './tableHtml';

/** Options of a table of runs. */
export interface RunTableOptions {
  /**
   * Shows the runs whose path below the folder matches.
   *
   * @defaultValue all
   */
  runs?: RegExp;
  /**
   * The scalars with a column each; those of parts are preceded by the part's name: `validation/loss`.
   *
   * @defaultValue at most six, preferring losses, accuracies and similar ones
   */
  tags?: readonly string[];
}

/** A table of the runs in a folder, read whenever it is displayed; created by {@link runs}. */
export class RunTable implements Displayable {
  /** The folder of the runs. */
  readonly dir: string;
  readonly #options: RunTableOptions;

  /** @internal */
  constructor(dir: string, options: RunTableOptions) {
    this.dir = dir;
    this.#options = options;
  }

  /**
   * Reads the rows of the table, ordered by name.
   *
   * @throws {NotFoundError} when the folder doesn't exist
   *
   * @example
   * for (const { name, values } of await runs('summaries').read()) console.log(name, values.loss);
   */
  async read(): Promise<RunRow[]> {
    const { runs } = this.#options;
    const rows = await runRows(this.dir);
    return runs ? rows.filter(({ name }) => name.search(runs) >= 0) : rows;
  }

  /**
   * Deletes runs, with everything in their folders. Nothing outside of the folder of runs is ever deleted, nor a run in
   * progress, nor a folder that contains something that no training creates: if one of them can't be deleted, none is.
   *
   * @param names the exact names of the runs, as in the table
   * @returns the table
   * @throws {NotFoundError} when there is no run of such a name
   * @throws {InvalidArgumentError} when one may not be deleted: it is a link, or contains other files
   * @throws {FailedPreconditionError} when one is being written
   *
   * @example
   * await runs('summaries').delete('run2');
   */
  async delete(...names: string[]): Promise<this> {
    const rows = await runRows(this.dir);
    // The folder of all runs may itself contain events, but it isn't one of the runs.
    const within = rows.filter(({ name, folder }) => path.resolve(this.dir, name) === path.resolve(folder));
    await deleteRuns(
      this.dir,
      names,
      within.map(({ name }) => name),
    );
    return this;
  }

  /** Displays the table immediately; a plain program prints it. */
  async show(): Promise<void> {
    if (notebookHost()) await display(this);
    else console.log(await this.toText());
  }

  /**
   * The table as text.
   *
   * @throws {NotFoundError} when the folder doesn't exist
   *
   * @example
   * console.log(await runs('summaries').toText());
   */
  async toText(): Promise<string> {
    return textOf(this.dir, await this.#columns());
  }

  /** The table for the page, and as text. */
  async [jupyterDisplay](): Promise<MimeBundle> {
    const columns = await this.#columns();
    const text = textOf(this.dir, columns);
    if (columns.rows.length === 0) return { 'text/plain': text };
    const url = await runningUrl(this.dir);
    const call = (code: string) => `<code>${escapeHtml(code)}</code>`;
    const folder = inspect(this.dir);
    const link = (text: string) => `<a href="${escapeHtml(url ?? '')}" target="_blank" rel="noopener">${text}</a>`;
    const deletion = call(`await runs(${folder}).delete(${inspect(columns.rows.at(-1)!.name)})`);
    const below = [
      url
        ? inLanguage({
            en: `${link('All in TensorBoard')}; a run's name leads to its own curves there.`,
            zh: `${link('全部在 TensorBoard 中')}；点运行的名字，就到它自己的曲线。`,
          })
        : inLanguage({
            en: `${call(`await tensorboard(${folder})`)} shows them in TensorBoard; names are links to it then.`,
            zh: `${call(`await tensorboard(${folder})`)} 在 TensorBoard 中显示它们；之后名字就是链接。`,
          }),
      inLanguage({ en: `${deletion} deletes one.`, zh: `${deletion} 删除一个。` }),
    ];
    const links =
      url &&
      ((name: string) =>
        `${url}?runFilter=${encodeURIComponent(`^${name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(/|$)`)}#timeseries`);
    return { 'text/html': tableHtml(columns, links || undefined, below), 'text/plain': text };
  }

  /** A one-line description; `toText` and `show` return the table, which requires reading event files. */
  toString(): string {
    return `[Runs in ${this.dir}: await .show() prints them]`;
  }

  /** The text for `console.log`. */
  [inspect.custom](): string {
    return this.toString();
  }

  async #columns(): Promise<RunColumns> {
    return runColumns(await this.read(), this.#options.tags);
  }
}

function textOf(dir: string, { heads, rows, notes }: RunColumns): string {
  if (rows.length === 0) return inLanguage({ en: `There are no runs in ${dir}.`, zh: `${dir} 里没有运行。` });
  return [aligned([heads, ...rows.map(({ name, cells }) => [name, ...cells.map(({ text }) => text)])]), ...notes].join(
    '\n',
  );
}

/**
 * Shows the runs in a folder as a table, newest first: the hyperparameters in which they differ, their progress, and
 * the last value of each scalar. In a page, click a column's head to sort by it, and a run's name to open it in
 * TensorBoard, if that is running. A search is a single row.
 *
 * @param dir the folder of all runs
 * @throws {InvalidArgumentError} when `runs` is not a regular expression, or `tags` is invalid
 *
 * @example
 * runs('../summaries'); // as a cell's last line
 *
 * @example
 * await runs('summaries', { runs: /^run/, tags: ['loss'] }).show();
 */
export function runs(dir: string, options: RunTableOptions = {}): RunTable {
  const { runs, tags } = onlyOptions(options, { runs: 'any', tags: 'array' });
  checkPath('the folder of runs', dir);
  if (runs !== undefined && !types.isRegExp(runs))
    throw new InvalidArgumentError(`runs are chosen by a regular expression, not by ${shown(runs)}`);
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')))
    throw new InvalidArgumentError(`tags are an array of texts, not ${shown(tags)}`);
  return new RunTable(dir, { ...(runs && { runs }), ...(tags && { tags }) });
}
