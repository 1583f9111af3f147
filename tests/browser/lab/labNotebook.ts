/** A notebook in JupyterLab, as its reader handles it. Cells are named by a text that their source has. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { repetitions } from '../../../lib/src/testing/repetitions';
import { screenshot } from '../chromium';

/** What is used of the page's `jupyterapp`. */
declare const jupyterapp: {
  commands: { execute(name: string, args?: object): Promise<unknown> };
  shell: {
    leftCollapsed: boolean;
    currentWidget: {
      dispose(): void;
      context: { path: string };
      content: {
        widgets: {
          model: { type: string; sharedModel: { getSource(): string; getOutputs?(): { data?: object }[] } };
        }[];
      };
      sessionContext: { session: { kernel: { status: string } } | null; shutdown(): Promise<void> };
    };
  };
};

export class LabNotebook {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the notebook is shown and its kernel is ready. */
  async ready(): Promise<void> {
    await this.inPanel('.jp-Cell').last().waitFor();
    await this.page.waitForFunction(
      () => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle',
    );
  }

  /** Runs all cells to their end. */
  async runAll(): Promise<void> {
    await this.#command('notebook:run-all-cells');
  }

  async cell(text: string): Promise<Locator> {
    const index = await this.page.evaluate(
      (text) =>
        jupyterapp.shell.currentWidget.content.widgets.findIndex(
          ({ model }) => model.type === 'code' && model.sharedModel.getSource().includes(text),
        ),
      text,
    );
    if (index < 0) throw new Error(`no cell has '${text}'`);
    return this.inPanel('.jp-Cell').nth(index);
  }

  /** Runs cells to their ends, one after the other. */
  async run(...texts: string[]): Promise<void> {
    for (const text of texts) await (await this.start(text)).ended;
  }

  /** Starts a cell. */
  async start(text: string): Promise<{ cell: Locator; ended: Promise<void> }> {
    const cell = await this.cell(text);
    const prompt = () => cell.locator('.jp-InputPrompt').innerText();
    const before = await prompt();
    await cell.locator('.jp-InputPrompt').click();
    await this.page.keyboard.press('Control+Enter');
    const isOver = async () => {
      const now = await prompt();
      return /\d/.test(now) && now !== before;
    };
    const ended = expect.poll(isOver, { timeout: 240_000, interval: 100 }).toBe(true);
    ended.catch(() => {}); // for whoever awaits it
    return { cell, ended };
  }

  /** Presses the stop button. */
  async interrupt(): Promise<void> {
    await this.page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  }

  /** Types a new source in a cell. */
  async edit(text: string, change: (source: string) => string): Promise<void> {
    const editor = (await this.cell(text)).locator('.cm-content');
    const source = (await editor.locator('.cm-line').allInnerTexts()).join('\n');
    await editor.click();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.insertText(change(source));
    await this.page.keyboard.press('Escape');
  }

  /** Adds a cell below another and leaves the cursor in it. */
  async insertBelow(text: string): Promise<Locator> {
    await (await this.cell(text)).locator('.jp-InputPrompt').click();
    await this.page.keyboard.press('b');
    await this.page.keyboard.press('Enter');
    return this.inPanel('.jp-Cell.jp-mod-active');
  }

  /** The forms that a cell's outputs have in the document. */
  async typesIn(text: string): Promise<string[]> {
    return this.page.evaluate(
      (text) =>
        jupyterapp.shell.currentWidget.content.widgets
          .filter(({ model }) => model.sharedModel.getSource().includes(text))
          .flatMap(({ model }) => model.sharedModel.getOutputs?.() ?? [])
          .flatMap(({ data = {} }) => Object.keys(data)),
      text,
    );
  }

  /** What cells say in the form of this MIME type. */
  outputs(type: string): Locator {
    return this.inPanel(`.jp-OutputArea-output[data-mime-type="${type}"]`);
  }

  /** Saves the notebook, and loads the page anew. */
  async saveAndReload(): Promise<void> {
    await this.#command('docmanager:save');
    await this.page.reload();
    await this.ready();
  }

  /** Opens a notebook in a page that has JupyterLab. */
  async open(name: string): Promise<void> {
    await this.#command('docmanager:open', { path: name });
  }

  /** Saves the notebook, and opens it anew in the same page. */
  async saveAndReopen(): Promise<void> {
    await this.#command('docmanager:save');
    const name = await this.page.evaluate(() => {
      const { currentWidget } = jupyterapp.shell;
      const { path } = currentWidget.context;
      currentWidget.dispose();
      return path;
    });
    await this.open(name);
    await this.ready();
  }

  /** Leaves the notebook as it is, saved or not, and ends its kernel. */
  async close(): Promise<void> {
    await this.page.evaluate(async () => {
      const { currentWidget } = jupyterapp.shell;
      await currentWidget.sessionContext.shutdown();
      currentWidget.dispose();
    });
  }

  async shutDownKernel(): Promise<void> {
    await this.#command('kernelmenu:shutdown');
  }

  async setTheme(theme: 'Light' | 'Dark'): Promise<void> {
    await this.#command('apputils:change-theme', { theme: `JupyterLab ${theme}` });
  }

  /** Leaves the width of the window to the notebook. */
  async hideFiles(): Promise<void> {
    if (!(await this.page.evaluate(() => jupyterapp.shell.leftCollapsed)))
      await this.#command('application:toggle-left-area');
  }

  async screenshot(name: string): Promise<void> {
    await screenshot(this.page, name);
  }

  /** A screenshot of all cells, in a window as high as they are; in a soak only, for it takes seconds. */
  async screenshotOfAll(name: string): Promise<void> {
    if (repetitions(0, 1) === 0) return;
    const size = this.page.viewportSize()!;
    const cells = this.inPanel('.jp-WindowedPanel-viewport');
    await cells.waitFor(); // another theme hides everything for a moment
    const height = await cells.evaluate((element) => Math.ceil(element.getBoundingClientRect().height));
    await this.inPanel('.jp-Cell').first().scrollIntoViewIfNeeded();
    await this.page.setViewportSize({ ...size, height: height + 200 });
    await this.screenshot(name);
    await this.page.setViewportSize(size);
  }

  inPanel(selector: string): Locator {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)').locator(selector);
  }

  async #command(name: string, args?: object): Promise<void> {
    await this.page.evaluate(
      async ([name, args]) => {
        await jupyterapp.commands.execute(name, args);
      },
      [name, args] as const,
    );
  }
}
