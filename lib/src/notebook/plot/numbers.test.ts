import { expect, it } from 'vitest';
import { roundedFor } from './numbers';

it.each([
  [1, 1000.123456, 1000.12],
  [20, 123.456, 123.5],
  [500, 123.456, 123],
  [0.01, 1000.123456, 1000.1235],
  [1e-9, 1.23456e-9, 1.23e-9],
  [1e-120, 1, 1],
])('to steps of %d, %d is %d', (step, value, rounded) => {
  expect(roundedFor(step)(value)).toBe(rounded);
});
