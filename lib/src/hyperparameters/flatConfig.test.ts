import { expect, it } from 'vitest';
import { flatConfig } from './flatConfig';

it('has hyperparameters by their paths, and text for what is none of number, string and boolean', () => {
  const config = {
    lr: 0.1,
    optimizer: { name: 'adam', nesterov: false },
    layers: [64, 32],
    dropout: null,
    decay: undefined,
  };
  expect(flatConfig(config)).toEqual({
    lr: 0.1,
    'optimizer.name': 'adam',
    'optimizer.nesterov': false,
    layers: '[64,32]',
    dropout: 'null',
  });
});
