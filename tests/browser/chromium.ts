/** The browser in which tests look at pages. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { repetitions } from '../../lib/src/testing/repetitions';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

/** The folder of screenshots. */
const screenshots = path.join(__dirname, '../../.cache/screenshots');

/**
 * Takes a picture of a page for people to look at. Nothing is tested by it, and it takes half a second of a processor, so there is none every
 * day: `TF_MECHANICS_SOAK=1 npx vitest run tests/browser/pad.test.ts` takes them.
 */
export async function screenshot(
  page: Page,
  name: string,
  { fullPage = false, always = false }: { fullPage?: boolean; always?: boolean } = {},
): Promise<void> {
  if (always || repetitions(0, 1) > 0) await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage });
}

/** That there is no browser, if so. */
export function missingChromium(): string | undefined {
  if (!existsSync(executablePath)) return `there is no Chromium at ${executablePath} (CHROMIUM=… names another)`;
}

/** What lists suggestions below the field for addresses: a page of Chromium's own in each window, which takes more than a second of a processor. */
const SUGGESTIONS = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/** What Playwright turns off in Chromium, which knows the last such list only. */
const TURNED_OFF = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'LensOverlay'],
  ...['HttpsFirstBalancedModeAutoEnable', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints', 'NetworkTimeServiceQuerying'],
  ...['AimEnabled', 'PreconnectToSearch'],
];

/** A page lives for seconds here, in which V8's last compiler takes a tenth of the time, and gives none of it back. */
const COMPILING = '--js-flags=--no-opt';

/**
 * Starts the browser, which draws pages by itself: through SwiftShader, which does a graphics card's work on the processor, a page takes
 * twice as long. Only what is drawn by WebGL goes there, where `webGL` says that a page asks for it.
 */
export function launchChromium({ webGL = false } = {}): Promise<Browser> {
  const drawing = webGL
    ? ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-gpu-compositing']
    : ['--disable-gpu', '--disable-software-rasterizer'];
  const off = `--disable-features=${[...TURNED_OFF, ...SUGGESTIONS].join()}`;
  return chromium.launch({ executablePath, args: ['--no-sandbox', off, COMPILING, ...drawing] });
}

/** Keeps what goes wrong in a page: errors that nobody caught, and what was logged as one. */
export function keepErrors(page: Page, errors: string[]): void {
  page.on('pageerror', ({ message, stack }) => errors.push(stack ?? message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
}
