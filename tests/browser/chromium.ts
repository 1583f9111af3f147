/** The browser in which tests look at pages. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

/** The folder of screenshots. */
export const screenshots = path.join(__dirname, '../../.cache/screenshots');

/** That there is no browser, if so. */
export function missingChromium(): string | undefined {
  if (!existsSync(executablePath)) return `there is no Chromium at ${executablePath} (CHROMIUM=… names another)`;
}

/** Starts the browser; WebGL, of which machines without a graphics card have none, is done by the processor. */
export function launchChromium(): Promise<Browser> {
  const webGL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...webGL] });
}

/** Keeps what goes wrong in a page: errors that nobody caught, and what was logged as one. */
export function keepErrors(page: Page, errors: string[]): void {
  page.on('pageerror', ({ message, stack }) => errors.push(stack ?? message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
}
