import { afterEach, expect, it } from 'vitest';
import { keepLogLines } from '../testing/logLines';
import { InvalidArgumentError } from './errors';
import * as logging from './logging';

const lines = keepLogLines();
afterEach(() => logging.setVerbosity(logging.INFO));

it('shows what happens, and marks what is wrong', () => {
  logging.debug('unseen');
  logging.info('one');
  logging.warn('two');
  logging.error('three');
  expect(lines).toEqual(['one', 'WARNING: two', 'ERROR: three']);
});

it('shows as much as it is told to', () => {
  logging.setVerbosity(logging.ERROR);
  expect(logging.getVerbosity()).toBe(logging.ERROR);
  logging.warn('unseen');
  logging.error('seen');
  logging.setVerbosity(logging.DEBUG);
  logging.debug('seen too');
  logging.setVerbosity(logging.FATAL);
  logging.error('unseen');
  expect(lines).toEqual(['ERROR: seen', 'seen too']);
  expect(logging.DEBUG < logging.INFO && logging.INFO < logging.WARN).toBe(true);
  expect(() => logging.setVerbosity('INFO' as never)).toThrow(InvalidArgumentError);
});
