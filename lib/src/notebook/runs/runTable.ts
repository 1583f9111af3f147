/** A table of the runs in a folder. */
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

/** What a table of runs has. */
export interface RunTableOptions {
  /**
   * Those whose path below the folder matches.
   *
   * @defaultValue all
   */
  runs?: RegExp;
  /**
   * The scalars that have a column each, those of parts with the part's name before them: `validation/loss`.
   *
   * @defaultValue six at most, those first that are losses, accuracies and the like
   */
  tags?: readonly string[];
}

/**
 * A table of the runs in a folder, as they are whenever it is shown: {@link runs} makes one.
 */
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
   * What the table says: a row a run, in the order of their names.
   *
   * @throws {NotFoundError} when the folder isn't there
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
   * Deletes runs, with all that is in their folders. Nothing outside of the folder of runs is ever deleted, nor a run that is at work, nor a
   * folder that has something in it which no training leaves: if one of them can't go, all stay.
   *
   * @param names the exact names of the runs, as the table has them
   * @returns the table
   * @throws {NotFoundError} when there is no run of such a name
   * @throws {InvalidArgumentError} when one may not be deleted: it is a link, or has other files in it
   * @throws {FailedPreconditionError} when one is being written
   *
   * @example
   * await runs('summaries').delete('run2');
   */
  async delete(...names: string[]): Promise<this> {
    const rows = await runRows(this.dir);
    // The folder of all runs may be one itself: that is none of them.
    const within = rows.filter(({ name, folder }) => path.resolve(this.dir, name) === path.resolve(folder));
    await deleteRuns(
      this.dir,
      names,
      within.map(({ name }) => name),
    );
    return this;
  }

  /** Shows the table now, wherever in a cell; in a plain program, prints it. */
  async show(): Promise<void> {
    if (notebookHost()) await display(this);
    else console.log(await this.toText());
  }

  /**
   * The table as text.
   *
   * @throws {NotFoundError} when the folder isn't there
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

  /** One line; `toText` and `show` have the table, for which event files are read. */
  toString(): string {
    return `[Runs in ${this.dir}: await .show() prints them]`;
  }

  /** What `console.log` shows. */
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
 * The runs in a folder as a table, the newest first: in which hyperparameters they differ, how far they came, and the last value of each
 * scalar. In a page, a click on a column's head sorts by it, and a run's name leads to it in TensorBoard where that is running. A search is
 * one row.
 *
 * @param dir the folder of all runs
 * @throws {InvalidArgumentError} when runs are chosen by something else than a regular expression, or tags are none
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
