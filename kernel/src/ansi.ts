/**
 * ANSI styles for cell output. Emphasis uses bold and dim rather than colour: JupyterLab shows errors on pink (dark red
 * in dark themes), and no terminal colour is readable on both.
 */
const BOLD = '\x1b[1m';

export const bold = (text: string): string => `${BOLD}${text}\x1b[22m`;
export const dim = (text: string): string => `\x1b[2m${text}\x1b[22m`;

/**
 * The colours that TypeScript's formatter emits. Only red marks what matters; grey, yellow, blue and cyan are dropped.
 */
const RED = '\x1b[91m';
const OTHERS = [90, 93, 94, 96].map((code) => `\x1b[${code}m`);

/** Replaces the colours of TypeScript's formatted diagnostics by bold. */
export function boldForColors(text: string): string {
  return OTHERS.reduce((rest, color) => rest.replaceAll(color, ''), text.replaceAll(RED, BOLD));
}
