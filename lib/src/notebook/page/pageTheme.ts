/** Whether a page is dark, and when that changes. */

/** Whether what is drawn in `element` lies on something dark: by JupyterLab's theme, else by the first background that isn't seen through. */
export function isDark(element: Element): boolean {
  const jupyter = document.body.dataset.jpThemeLight;
  if (jupyter !== undefined) return jupyter === 'false';
  for (let at: Element | null = element; at; at = at.parentElement) {
    const [red = 0, green = 0, blue = 0, opacity = 1] = (
      getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]
    ).map(Number);
    if (opacity > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  // Nobody paints the page: it is the browser's own, which is dark where the page says that it may be and the reader wishes it.
  return getComputedStyle(document.documentElement).colorScheme.includes('dark') && prefersDark()?.matches === true;
}

const prefersDark = () => window.matchMedia?.('(prefers-color-scheme: dark)');

let listeners: (() => void)[] | undefined;

/** Calls `listener` each time the page may have become dark or light. */
export function onThemeChange(listener: () => void): void {
  if (!listeners) {
    listeners = [];
    // Themes are style sheets, which come after the attribute.
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
