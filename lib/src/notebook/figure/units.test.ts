import { expect, it } from 'vitest';
import { bytesText, durationText } from './units';

it.each([
  [0, '0 µs'],
  [0.24, '0.24 µs'],
  [362.4, '362 µs'],
  [999.6, '1 ms'],
  [4130, '4.13 ms'],
  [999_600, '1 s'],
  [61_000_000, '61 s'],
])('%d microseconds are %s', (micros, text) => {
  expect(durationText(micros)).toBe(text);
});

it.each([
  [0, '0 B'],
  [400, '400 B'],
  [1000, '0.977 KiB'],
  [10_035_200, '9.57 MiB'],
  [2 ** 60, '1050000 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
