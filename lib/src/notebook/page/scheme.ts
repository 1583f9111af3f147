/** Light or dark: what is drawn in a page is as the page is. */

/** Whether an element's text is light, as it is on a dark ground. */
function isDark(element: Element): boolean {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number);
  return 0.3 * red + 0.6 * green + 0.1 * blue > 127;
}

/** Gives what is in an element the `color-scheme` of the page around it, now and whenever that changes. */
export function followScheme(element: HTMLElement): void {
  const apply = () => {
    for (const child of element.children) (child as HTMLElement).style.colorScheme = isDark(element) ? 'dark' : 'light';
  };
  apply();
  // The page's colour is the element's, too, and by a transition it says when it changes, by whatever rule that is.
  element.style.transition = 'color 1ms';
  element.addEventListener('transitionend', ({ target, propertyName }) => {
    if (target === element && propertyName === 'color') apply();
  });
}
