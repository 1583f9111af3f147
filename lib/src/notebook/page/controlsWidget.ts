/** The page's part of `controls`: a module for anywidget. */
import type { ChoiceValue, ControlView } from '../widgets/controlView';
import type { View } from './anywidget';
import { style } from './controlsStyle';
import { html } from './elements';

type Shown = { readonly name: string; readonly label: string } & (ControlView | { readonly kind: 'button' });
type Of<K> = Shown & { readonly kind: K };

/** A control's elements, and how they show a value. */
interface Row {
  readonly elements: readonly HTMLElement[];
  /** The element to which the label belongs. */
  readonly labelled: HTMLElement;
  show(value: never): void;
}

/** The number of steps of a logarithmic slider. */
const STEPS = 1000;

let views = 0;

/** A number without rounding noise. */
const rounded = (value: number, digits: number) => Number(value.toPrecision(digits));

/** A slider with a field for the exact number. */
function slider({ label, min, max, step, log }: Of<'slider'>, set: (value: number) => void): Row {
  const toValue = (at: number) => {
    if (!log) return rounded(at, 12);
    if (at <= 0 || at >= STEPS) return at <= 0 ? min : max;
    return Math.min(max, Math.max(min, rounded(min * (max / min) ** (at / STEPS), 3)));
  };
  const toPlace = (value: number) => (log ? (STEPS * Math.log(value / min)) / Math.log(max / min) : value);
  const range = html('input', { type: 'range' });
  Object.assign(
    range,
    log ? { min: '0', max: `${STEPS}`, step: '1' } : { min: `${min}`, max: `${max}`, step: `${step}` },
  );
  const field = html('input', { type: 'number', min: `${min}`, max: `${max}`, step: 'any' });
  field.setAttribute('aria-label', `${label} as a number`);
  const say = (value: number) => {
    range.setAttribute('aria-valuetext', `${value}`);
    if (field.matches(':focus') && Number(field.value) === value) return;
    field.value = `${value}`;
  };
  range.oninput = () => {
    const value = toValue(range.valueAsNumber);
    say(value);
    set(value);
  };
  field.onchange = () => {
    if (field.reportValidity() && !Number.isNaN(field.valueAsNumber)) set(field.valueAsNumber);
  };
  return {
    elements: [range, field],
    labelled: range,
    show(value: number) {
      if (toValue(range.valueAsNumber) !== value) range.value = `${toPlace(value)}`;
      say(value);
    },
  };
}

function choice({ values }: Of<'choice'>, set: (value: ChoiceValue) => void): Row {
  const options = values.map((value) => html('option', { textContent: String(value) }));
  const select = html('select', {}, options);
  select.onchange = () => set(values[select.selectedIndex]!);
  return {
    elements: [select],
    labelled: select,
    show(value: ChoiceValue) {
      select.selectedIndex = values.indexOf(value);
    },
  };
}

function checkbox(_: Of<'checkbox'>, set: (value: boolean) => void): Row {
  const box = html('input', { type: 'checkbox' });
  box.onchange = () => set(box.checked);
  return {
    elements: [box],
    labelled: box,
    show(value: boolean) {
      box.checked = value;
    },
  };
}

function text(_: Of<'text'>, set: (value: string) => void): Row {
  const field = html('input', { type: 'text' });
  field.oninput = () => set(field.value);
  return {
    elements: [field],
    labelled: field,
    show(value: string) {
      if (field.value !== value) field.value = value;
    },
  };
}

function rowOf(control: Exclude<Shown, { kind: 'button' }>, set: (value: unknown) => void): Row {
  switch (control.kind) {
    case 'slider':
      return slider(control, set);
    case 'choice':
      return choice(control, set);
    case 'checkbox':
      return checkbox(control, set);
    case 'text':
      return text(control, set);
  }
}

/** Shows the controls in `el`; the returned function removes them. */
function render({ model, el }: View): () => void {
  const view = `tf-mechanics-controls-${++views}`;
  const form = html('form', { className: 'tf-mechanics-controls', onsubmit: () => false });
  const undo: (() => void)[] = [];
  let buttons: HTMLElement | undefined;
  const all = model.get<Shown[]>('controls');
  for (const [i, control] of all.entries()) {
    if (control.kind === 'button') {
      const press = html('button', { type: 'button', textContent: control.label });
      press.onclick = () => model.send({ click: control.name });
      if (!buttons?.matches(':last-child')) {
        buttons = html('div', { className: 'tf-mechanics-buttons' });
        form.append(buttons);
      }
      buttons.append(press);
      continue;
    }
    const key = `value.${control.name}`;
    const row = rowOf(control, (value) => {
      model.set(key, value);
      model.save_changes();
    });
    row.labelled.id = `${view}-${i}`;
    const label = html('label', { htmlFor: row.labelled.id, textContent: control.label });
    form.append(html('div', { className: 'tf-mechanics-row' }, [label, html('div', {}, row.elements)]));
    const show = () => row.show(model.get(key) as never);
    show();
    model.on(`change:${key}`, show);
    undo.push(() => model.off(`change:${key}`, show));
  }
  // JupyterLab would handle a slider's arrow keys itself; it checks which element has the focus first.
  for (const control of form.querySelectorAll<HTMLElement>('input, select, button'))
    control.dataset.lmSuppressShortcuts = 'true';
  el.append(html('style', { textContent: style }), form);
  return () => {
    for (const off of undo) off();
  };
}

export default { render };
