/** Converts a network's outputs to probabilities. */

/** Each number's part of the sum of the exponentials of all. */
export function softmax(logits: ArrayLike<number>): Float32Array {
  const numbers = Float64Array.from(logits);
  const greatest = Math.max(...numbers);
  const exponentials = numbers.map((logit) => Math.exp(logit - greatest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return Float32Array.from(exponentials, (exponential) => exponential / sum);
}

/** The most probable digit. */
export function digitOf(probabilities: ArrayLike<number>): number {
  let best = 0;
  for (let digit = 1; digit < probabilities.length; digit++)
    if (probabilities[digit]! > probabilities[best]!) best = digit;
  return best;
}

/** Formats a probability. */
export function percent(probability: number): string {
  const hundred = 100 * probability;
  if (hundred > 99 && hundred < 99.95) return `${hundred.toFixed(1)} %`;
  return `${Math.round(hundred)} %`;
}
