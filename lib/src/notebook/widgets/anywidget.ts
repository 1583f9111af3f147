/**
 * How **anywidget** displays a widget whose page code is part of its state. This works in JupyterLab, Notebook 7 and VS
 * Code, for kernels in any language.
 *
 * @see https://anywidget.dev/en/afm/
 */
import { createHash } from 'node:crypto';
import { escapeHtml } from '../../runtime/html';
import type { MimeBundle } from '../../runtime/notebookHost';
import type { PageClass, WidgetModel } from './model';
import type { State } from './state';

/** Any installed version. */
const VERSION = '*';

/**
 * The part of a widget's state that is the same for all widgets of a kind.
 *
 * @param esm a module for the page
 */
export function anywidgetClass(esm: string, css = ''): PageClass & State {
  const id = createHash('sha256').update(css).update('\0').update(esm).digest('hex').slice(0, 12);
  return {
    _model_module: 'anywidget',
    _model_module_version: VERSION,
    _model_name: 'AnyModel',
    _view_module: 'anywidget',
    _view_module_version: VERSION,
    _view_name: 'AnyView',
    _view_count: null,
    _dom_classes: [],
    _anywidget_id: `tf-mechanics-${id}`, // of the style sheet, which widgets of a kind share
    _esm: esm,
    _css: css,
  };
}

const HOW = 'install anywidget where Jupyter runs: pip install anywidget';

/**
 * A widget's MIME bundle: interactive if the notebook supports it, and otherwise its values as text, with instructions.
 *
 * @param toDo what requires the interactive form: `To move these`
 */
export function widgetBundle(model: WidgetModel, text: string, html: string, toDo: string): MimeBundle {
  return model.bundle({
    'text/plain': `${text}${text && '\n'}${toDo}, ${HOW}`,
    'text/html': `${html}<p><small>${escapeHtml(`${toDo}, ${HOW}`)}</small></p>`,
  });
}
