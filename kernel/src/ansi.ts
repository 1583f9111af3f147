/**
 * How text stands out in an output: by its weight. JupyterLab shows errors on pink, or on dark red where its theme is dark, and of a terminal's
 * colours none can be read on both.
 */
const BOLD = '\x1b[1m';

export const bold = (text: string): string => `${BOLD}${text}\x1b[22m`;
export const dim = (text: string): string => `\x1b[2m${text}\x1b[22m`;

/** The compiler's colours: red is what matters, grey, yellow, blue and cyan aren't needed. */
const RED = '\x1b[91m';
const OTHERS = [90, 93, 94, 96].map((code) => `\x1b[${code}m`);

/** What the compiler has coloured, with weight in the place of colours. */
export function boldForColors(text: string): string {
  return OTHERS.reduce((rest, color) => rest.replaceAll(color, ''), text.replaceAll(RED, BOLD));
}
