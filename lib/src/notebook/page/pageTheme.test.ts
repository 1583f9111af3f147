// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { isDark } from './pageTheme';

afterEach(() => {
  delete document.body.dataset.jpThemeLight;
  document.body.style.background = '';
  document.documentElement.style.colorScheme = '';
  vi.unstubAllGlobals();
});

it('a page is dark by what JupyterLab says of its theme', () => {
  document.body.style.background = 'rgb(255, 255, 255)';
  document.body.dataset.jpThemeLight = 'false';
  expect(isDark(document.body)).toBe(true);
  document.body.dataset.jpThemeLight = 'true';
  expect(isDark(document.body)).toBe(false);
});

it.each([
  ['rgb(30, 30, 30)', true],
  ['rgb(250, 250, 245)', false],
  ['rgba(0, 0, 0, 0.1)', false],
])('a page elsewhere is dark by the background that is seen: %s', (background, expected) => {
  document.body.style.background = background;
  const child = document.createElement('div');
  document.body.append(child);
  expect(isDark(child)).toBe(expected);
});

it.each([
  ['light dark', true, true],
  ['light dark', false, false],
  ['', true, false], // such a page is white, whatever its reader prefers
])(
  'a page without a background (%s) is dark where it may be and its reader prefers that: %s',
  (scheme, prefers, expected) => {
    vi.stubGlobal('matchMedia', () => ({ matches: prefers }));
    document.documentElement.style.colorScheme = scheme;
    expect(isDark(document.documentElement)).toBe(expected);
  },
);
