/** Formats the results of benchmarks. */

/** The median of some numbers, with the smallest and the largest. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, low: sorted[0], high: sorted.at(-1) };
}

/** The speed of each of our programs relative to another one, round by round. */
export function ratios({ rates, ours }) {
  const others = Object.keys(rates).filter((name) => !ours.includes(name));
  return ours
    .filter((name) => name in rates)
    .map((name) => ({
      name,
      against: Object.fromEntries(
        others.map((other) => [other, spread(rates[name].map((rate, round) => rate / rates[other][round]))]),
      ),
    }));
}

/** A line for each program: its rate, and the relative speed of ours. */
export function report(title, result) {
  const { unit, rates, details, missing } = result;
  const widest = Math.max(...Object.keys(rates).map((name) => name.length));
  const lines = [`${title}: ${unit} a second`];
  for (const [name, values] of Object.entries(rates)) {
    const { median, low, high } = spread(values);
    const { loop } = details[name];
    const said = loop ? `, the fastest loop: ${loop}` : '';
    lines.push(`  ${name.padEnd(widest)}  ${digits(median)} (${digits(low)} to ${digits(high)})${said}`);
  }
  for (const { name, against } of ratios(result))
    for (const [other, { median, low, high }] of Object.entries(against))
      lines.push(`  ${name} / ${other}: ${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`);
  for (const [name, reason] of Object.entries(missing)) lines.push(`  ${name}: not measured, ${reason}`);
  return lines.join('\n');
}

/** A line for each measurement, with the median of repeated ones. */
export function singleReport(title, result) {
  if (Array.isArray(result)) {
    const { median, low, high } = spread(result);
    return `${title}: ${digits(median)} (${digits(low)} to ${digits(high)})`;
  }
  if (typeof result !== 'object') return `${title}: ${typeof result === 'number' ? digits(result) : result}`;
  return Object.entries(result)
    .map(([name, value]) => singleReport(`${title} ${name}`, value))
    .join('\n');
}

function digits(value) {
  return value < 100 ? value.toPrecision(3) : Math.round(value).toLocaleString('en-US');
}
