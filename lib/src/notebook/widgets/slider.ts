/** Sliders. */
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { Control, type ControlOptions } from './control';

/** Options of {@link slider}. */
export interface SliderOptions extends ControlOptions {
  /**
   * The initial value.
   *
   * @defaultValue the middle
   */
  value?: number;
  /**
   * Whether the scale is logarithmic: the distance from 0.001 to 0.01 is the same as from 0.1 to 1.
   *
   * @defaultValue `false`
   */
  log?: boolean;
  /**
   * The step size of a linear scale.
   *
   * @defaultValue about a hundredth of the range: 1, 2 or 5 times a power of ten
   */
  step?: number;
}

/**
 * Creates a slider, for {@link controls}: a number from `min` to `max`.
 *
 * @throws {InvalidArgumentError} when `min` isn't below `max`, a logarithmic one doesn't begin above 0, or its value
 * isn't between them
 *
 * @example
 * const { learningRate } = controls({ learningRate: slider(1e-4, 1, { log: true, value: 0.01 }) });
 * learningRate; // 0.01
 */
export function slider(min: number, max: number, options: SliderOptions = {}): Control<number> {
  const {
    value,
    log = false,
    step,
    label,
  } = onlyOptions(options, { value: 'number', log: 'boolean', step: 'number', label: 'string' });
  if (!(Number.isFinite(min) && Number.isFinite(max) && min < max))
    throw new InvalidArgumentError(
      `a slider goes from a number up to a greater one, not from ${shown(min)} to ${shown(max)}`,
    );
  if (log && min <= 0)
    throw new InvalidArgumentError(
      `a logarithmic slider begins above 0, not at ${min}: no factor leads away from there`,
    );
  if (step !== undefined && !(Number.isFinite(step) && step > 0))
    throw new InvalidArgumentError(`the step of a slider is a number above 0, not ${shown(step)}`);
  const middle = log ? Number(Math.sqrt(min * max).toPrecision(3)) : (min + max) / 2;
  const between = (given: unknown) => (typeof given === 'number' && given >= min && given <= max ? given : undefined);
  const view = { kind: 'slider', min, max, step: step ?? niceStep(max - min), log } as const;
  return new Control(view, value ?? middle, between, `a number from ${min} to ${max}`, label);
}

/** About a hundredth of the range. */
function niceStep(way: number): number {
  const hundredth = way / 100;
  const power = 10 ** Math.floor(Math.log10(hundredth));
  const factor = [1, 2, 5, 10].find((nice) => nice * 1.5 > hundredth / power) ?? 10;
  return Number((factor * power).toPrecision(1));
}
