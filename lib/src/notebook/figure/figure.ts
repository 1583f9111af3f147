/** Figures for notebooks. */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { inspect } from 'node:util';
import { checkPath } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { escapeHtml } from '../../runtime/html';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { needPackages } from '../../runtime/optionalPackages';
import { display } from '../display';
import { describe } from './describe';
import { figureBundle } from './figureBundle';
import { type FigureData, type Layout, type Trace, titleOf } from './figureData';
import { pageJson } from './json';
import { PLOTLY, plotlyFile } from './plotlyFile';
import { still } from './still';
import { type Background, pageConfig, themed } from './theme';

/**
 * A figure drawn by Plotly: traces and a layout. It is displayed as a cell's last expression. The functions of `plot`
 * return figures; for anything else, create one directly.
 *
 * @see https://plotly.com/javascript/reference/ for the properties of traces and layouts
 * @example
 * const figure = plot.curves({ loss: [2.3, 1.1, 0.6] });
 * figure.layout.yaxis = { type: 'log' };
 * await figure.save('loss.png');
 *
 * @example
 * new Figure([{ x: [1, 2, 3], y: [1, 4, 9] }], { title: { text: 'Squares' } });
 */
export class Figure implements Displayable, FigureData {
  data: Trace[];
  layout: Layout;
  flat?: FigureData;

  constructor(data: Trace[], layout: Layout = {}) {
    this.data = data;
    this.layout = layout;
  }

  /** The figure for the page, as a still picture, and as text. */
  [jupyterDisplay](): Promise<MimeBundle> {
    // The id is derived from the content, so that the same notebook gives the same outputs.
    const { data, layout } = this;
    const hash = createHash('sha256').update(pageJson({ data, layout })).digest('hex');
    return figureBundle(this, `figure-${hash.slice(0, 8)}`);
  }

  /** Displays the figure immediately; a plain program prints its text form. */
  async show(): Promise<void> {
    await display(this);
  }

  /**
   * The figure as a PNG file.
   *
   * @throws {FailedPreconditionError} when a required package isn't installed, with the command that installs it
   */
  async toPng(): Promise<Uint8Array> {
    return (await still(this)).png;
  }

  /**
   * The figure as a self-contained HTML file of 10 MB, most of it Plotly (5 MB in this repository, whose build minifies
   * Plotly).
   *
   * @throws {FailedPreconditionError} when Plotly isn't installed, with the command that installs it
   */
  async toHtml(): Promise<string> {
    needPackages('the HTML file of a figure', PLOTLY);
    const plotly = await readFile(plotlyFile(), 'utf8');
    const config = { ...pageConfig, responsive: true };
    const json = (background: Background) => pageJson({ ...themed(this, background), config });
    return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(titleOf(this))}</title>
<div id="figure" role="img" aria-label="${escapeHtml(describe(this))}"></div>
<script>${plotly}</script>
<script>(q=>{(q.onchange=()=>Plotly.react('figure',q.matches?${json('dark')}:${json('light')}))()})(matchMedia('(prefers-color-scheme: dark)'))</script>
`;
  }

  /**
   * Writes the figure to a file, as `.png` or `.html` according to the extension.
   *
   * @throws {InvalidArgumentError} when the name has another extension
   */
  async save(file: string): Promise<void> {
    checkPath('the name of a file', file);
    const extension = path.extname(file).toLowerCase();
    if (extension === '.png') await writeFile(file, await this.toPng());
    else if (extension === '.html') await writeFile(file, await this.toHtml());
    else throw new InvalidArgumentError(`a figure is saved as .png or .html, not as ${file}`);
  }

  /** A line with the title and the names of the traces. */
  toString(): string {
    const names = [...new Set(this.data.flatMap(({ name }) => name ?? []))];
    return `[${titleOf(this)}${names.length > 0 ? `: ${names.join(', ')}` : ''}]`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
