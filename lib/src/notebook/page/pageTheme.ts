/** Detects whether a page is dark, and when that changes. */

/**
 * Whether an element is on a dark background: according to JupyterLab's theme, or else to the first background that
 * isn't transparent.
 */
export function isDark(element: Element): boolean {
  const jupyter = document.body.dataset.jpThemeLight;
  if (jupyter !== undefined) return jupyter === 'false';
  for (let at: Element | null = element; at; at = at.parentElement) {
    const [red = 0, green = 0, blue = 0, opacity = 1] = (
      getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]
    ).map(Number);
    if (opacity > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  // Without any background, it is the browser's own, which is dark if the page allows it and the reader prefers it.
  return getComputedStyle(document.documentElement).colorScheme.includes('dark') && prefersDark()?.matches === true;
}

const prefersDark = () => window.matchMedia?.('(prefers-color-scheme: dark)');

let listeners: (() => void)[] | undefined;

/** Calls `listener` whenever the page may have become dark or light. */
export function onThemeChange(listener: () => void): void {
  if (!listeners) {
    listeners = [];
    // Theme style sheets are loaded after the attribute has changed.
    const tell = () => setTimeout(() => listeners?.forEach((listener) => void listener()), 50);
    const attributes = [
      'data-jp-theme-light',
      'data-jp-theme-name',
      'data-theme',
      'data-vscode-theme-kind',
      'class',
      'style',
    ];
    const observer = new MutationObserver(tell);
    for (const element of [document.documentElement, document.body])
      observer.observe(element, { attributeFilter: attributes });
    prefersDark()?.addEventListener('change', tell);
  }
  listeners.push(listener);
}
