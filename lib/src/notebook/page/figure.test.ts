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
};

/** What is told of new sizes. */
const observers: (() => void)[] = [];

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(callback: () => void) {
        observers.push(callback);
      }
      observe() {}
    },
  );
  vi.stubGlobal('Plotly', plotly);
});
afterEach(() => {
  document.body.replaceChildren();
  delete document.body.dataset.jpThemeLight;
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
    expect(output.textContent).toBe('[{"y":[1]}]');
  });

  it('leaves the still of what only WebGL draws where the browser has none', async () => {
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
    const output = newOutput('lines');
    await mountFigure(output, { data: [{ type: 'parcoords', dimensions: [] }], layout: {} });
    expect(output.innerHTML).toBe('<img>');
    output.replaceChildren(); // nothing stands there yet
    await mountFigure(output, { data: [{ type: 'parcoords', dimensions: [] }], layout: {} });
    expect(output.textContent).toBe('[{"type":"parcoords","dimensions":[]}]');
  });

  it('says what is seen to those who do not see it', async () => {
    const output = newOutput('words');
    await mountFigure(output, figure(1));
    const drawing = output.querySelector('[role=figure]');
    expect(drawing?.getAttribute('aria-label')).toBe('T. 1 point, at 1.');
  });

  it('is drawn anew in the width that its output gets', async () => {
    const output = newOutput('width');
    await mountFigure(output, figure(1));
    const drawing = output.firstElementChild!;
    for (const clientWidth of [600, 600, 1600]) {
      Object.defineProperty(drawing, 'clientWidth', { value: clientWidth, configurable: true });
      observers.at(-1)!();
    }
    await vi.waitFor(() => expect(plotly.react).toHaveBeenCalledTimes(3));
    expect(plotly.react.mock.calls.map(([, { layout }]) => layout.width)).toEqual([undefined, 600, 1600]);
  });

  it('is dark where JupyterLab is, and becomes so with it', async () => {
    const colorOf = (call: number) => {
      const { template } = plotly.react.mock.calls[call]![1].layout as {
        template?: { layout: { font: { color: string } } };
      };
      return template!.layout.font.color;
    };
    document.body.dataset.jpThemeLight = 'false';
    await mountFigure(newOutput('dark'), figure(1));
    expect(colorOf(0)).toBe('#d9dde3');
    document.body.dataset.jpThemeLight = 'true';
    await vi.waitFor(() => expect(plotly.react).toHaveBeenCalledTimes(2));
    expect(colorOf(1)).toBe('#24292f');
  });

  it('has the theme, fits its output, and offers no upload', async () => {
    await mountFigure(newOutput('theme'), figure(1));
    expect(plotly.react.mock.calls[0]![1]).toMatchObject({
      layout: { title: { text: 'T' }, height: 360, template: {} },
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
    expect(output.textContent).toBe('[{"y":[2]}]');
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
