/** Formats numbers with units, to three digits. */

/** Formats a duration given in microseconds. */
export function durationText(micros: number): string {
  if (micros >= 999_500) return `${short(micros / 1e6)} s`;
  if (micros >= 999.5) return `${short(micros / 1e3)} ms`;
  return `${short(micros)} µs`;
}

/** Formats an amount of memory. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 'B';
  for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (value < 999.5) break;
    value /= 1024;
    unit = next;
  }
  return `${short(value)} ${unit}`;
}

/** Formats a fraction as a percentage. */
export const percentText = (share: number): string => `${(100 * share).toFixed(1)} %`;

const short = (value: number): string => `${Number(value.toPrecision(3))}`;
