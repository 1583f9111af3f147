/** A plugin for typedoc: links every page to the book that `book` generates next to the reference. */
import { JSX } from 'typedoc';

export function load(app) {
  app.renderer.hooks.on('sidebar.begin', ({ relativeURL }) =>
    JSX.createElement(
      'p',
      null,
      JSX.createElement('a', { href: relativeURL('book/index.html') }, 'The notebooks as a book'),
    ),
  );
}
