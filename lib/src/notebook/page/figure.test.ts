// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FigureData } from '../figure/figureData';
import { mountFigure } from './figure';

const figure = (y: number): FigureData => ({ data: [{ y: [y] }], layout: { title: { text: 'T' } } });

/** Writes what it draws into the element, as Plotly does. */
const plotly = {
  react: vi.fn(async (element: HTMLElement, { data }: FigureData) => {
    element.textContent = JSON.stringify(data);
  }),
  Plots: { resize: vi.fn() },
};

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
    },
  );
  vi.stubGlobal('Plotly', plotly);
});
afterEach(() => {
  document.body.replaceChildren();
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});

/** An output with a still, as `liveHtml` makes it. */
function newOutput(id: string): HTMLElement {
  const output = document.createElement('div');
  output.id = id;
  output.innerHTML = '<img>';
  document.body.append(output);
  return output;
}

describe('a figure in a page', () => {
  it('takes the place of its still', async () => {
    const output = newOutput('place');
    await mountFigure(output, figure(1));
    expect(output.innerHTML).toBe('<div>[{"y":[1]}]</div>');
  });

  it('has the theme, fits its output, and offers no upload', async () => {
    await mountFigure(newOutput('theme'), figure(1));
    expect(plotly.react.mock.calls[0]![1]).toMatchObject({
      layout: { title: { text: 'T' }, height: 360, autosize: true, template: {} },
      config: { showSendToCloud: false },
    });
  });

  it('moves into the output that replaces its own, before anything is awaited', async () => {
    const old = newOutput('moving');
    await mountFigure(old, figure(1));
    const drawing = old.firstChild;
    old.remove();
    const output = newOutput('moving');
    const mounted = mountFigure(output, figure(2));
    expect(output.firstChild).toBe(drawing);
    await mounted;
    expect(output.innerHTML).toBe('<div>[{"y":[2]}]</div>');
  });

  it('stays in its output when another one of the same id appears', async () => {
    const [first, second] = [newOutput('views'), newOutput('views')];
    await mountFigure(first, figure(1));
    await mountFigure(second, figure(1));
    expect(first.innerHTML).toBe(second.innerHTML);
    expect(first.firstChild).not.toBe(second.firstChild);
  });

  it('is not drawn in an output that was replaced meanwhile', async () => {
    const output = newOutput('gone');
    const mounted = mountFigure(output, figure(1));
    output.remove();
    await mounted;
    expect(plotly.react).not.toHaveBeenCalled();
  });

  it('leaves its still where it cannot be drawn', async () => {
    plotly.react.mockRejectedValueOnce(new Error('no'));
    const output = newOutput('failing');
    await expect(mountFigure(output, figure(1))).rejects.toThrow('no');
    expect(output.innerHTML).toBe('<img>');
  });
});
