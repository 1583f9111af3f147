/** Converts a notebook into a chapter. */

import { escapeHtml } from './html.mjs';
import { codeBlock, markdown } from './markdown.mjs';
import { outputsHtml } from './outputs.mjs';

const sourceOf = ({ source }) => [source].flat().join('');

/**
 * @param notebook its JSON
 * @param texts the book's texts
 * @param link see {@link markdown}
 * @returns the chapter's title, its sections (second-level headings), and its HTML
 */
export function chapterOf(notebook, texts, link) {
  const { render, headings } = markdown(link);
  const { cells } = notebook;
  const body = [];
  for (let i = 0; i < cells.length; i++) {
    const exercise = exerciseAt(cells, i);
    if (exercise) {
      body.push(exerciseHtml(exercise, render, texts));
      i += exercise.cells.length - 1;
    } else body.push(cellHtml(cells[i], render, texts));
  }
  const title = headings.find(({ depth }) => depth === 1)?.html ?? '';
  return { title, sections: headings.filter(({ depth }) => depth === 2), html: body.join('\n') };
}

function cellHtml(cell, render, texts) {
  if (cell.cell_type !== 'code') return render(sourceOf(cell));
  // Only a notebook knows which exercises are solved.
  const outputs = /^\s*exercises\(/m.test(sourceOf(cell)) ? [] : (cell.outputs ?? []);
  return `<div class="cell">${codeHtml(cell)}${outputsHtml(outputs, texts)}</div>`;
}

const codeHtml = (cell) => codeBlock(sourceOf(cell), 'typescript');

/** The exercise that begins with this cell: the task, the work cell, the check, and the folded answer. */
function exerciseAt(cells, i) {
  const four = cells.slice(i, i + 4);
  const [task, work, check, answer] = four;
  if (four.map(({ cell_type: type }) => type).join() !== 'markdown,code,code,markdown') return undefined;
  const id = /\bexercise\(\s*['"`]([\w-]+)['"`]/.exec(sourceOf(check))?.[1];
  if (!id || !sourceOf(answer).trimStart().startsWith('<details')) return undefined;
  return { id, cells: four, task, work, check, answer };
}

/** The check's output is omitted: it belongs to the committed notebook, where nothing is solved. */
function exerciseHtml({ id, task, work, check, answer }, render, texts) {
  return `<section class="exercise" id="${escapeHtml(id)}" aria-label="${escapeHtml(texts.exercise)}">
${render(sourceOf(task))}
<p class="label">${escapeHtml(texts.work)}</p>
${codeHtml(work)}${outputsHtml(work.outputs ?? [], texts)}
<p class="label">${escapeHtml(texts.check)}</p>
${codeHtml(check)}
${render(sourceOf(answer))}
</section>`;
}
