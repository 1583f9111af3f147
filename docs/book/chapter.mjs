/** A notebook as a chapter. */

import { escapeHtml } from './html.mjs';
import { codeBlock, markdown } from './markdown.mjs';
import { outputsHtml } from './outputs.mjs';

const sourceOf = ({ source }) => [source].flat().join('');

/**
 * @param notebook its JSON
 * @param texts the book's words
 * @param link see {@link markdown}
 * @returns the chapter's title, its sections (headings of the second depth), and its HTML
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
  // Which exercises are solved only a notebook knows.
  const outputs = /^\s*exercises\(/m.test(sourceOf(cell)) ? [] : (cell.outputs ?? []);
  return `<div class="cell">${codeHtml(cell)}${outputsHtml(outputs, texts)}</div>`;
}

const codeHtml = (cell) => codeBlock(sourceOf(cell), 'typescript');

/**
 * The exercise that begins with this cell: the task, the cell to work in, the one that checks, and the folded answer.
 */
function exerciseAt(cells, i) {
  const four = cells.slice(i, i + 4);
  const [task, work, check, answer] = four;
  if (four.map(({ cell_type: type }) => type).join() !== 'markdown,code,code,markdown') return undefined;
  const id = /\bexercise\(\s*['"`]([\w-]+)['"`]/.exec(sourceOf(check))?.[1];
  if (!id || !sourceOf(answer).trimStart().startsWith('<details')) return undefined;
  return { id, cells: four, task, work, check, answer };
}

/** What the check has said isn't shown: it is of the notebook as it was committed, with nothing done. */
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
