/**
 * The script of the book's pages: the reader's choice of theme, contents that fold and follow the text, and printing.
 */
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => {
    try {
      return localStorage.getItem('theme'); // throws where pages may not store anything
    } catch {
      return null;
    }
  };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches);
  if (stored()) root.dataset.theme = stored();

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector('button.theme');
    button.hidden = false;
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      try {
        localStorage.setItem('theme', root.dataset.theme);
      } catch {} // the choice then lasts as long as the page
    });

    const contents = document.querySelector('.contents');
    const wide = matchMedia('(min-width: 1100px)');
    const unfold = () => {
      contents.open = wide.matches;
    };
    unfold();
    wide.addEventListener('change', unfold);
    followText(contents);
  });

  /** Marks the current section in the contents. */
  function followText(contents) {
    const links = new Map(
      [...contents.querySelectorAll('ol ol a')].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
    );
    const headings = [...document.querySelectorAll('main h2[id]')].filter(({ id }) => links.has(id));
    const mark = () => {
      const read = headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
      for (const [id, link] of links) link.classList.toggle('seen', id === read?.id);
    };
    addEventListener('scroll', mark, { passive: true });
    mark();
  }

  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('main details:not([open])')];
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false;
  });
})();
