/** The models of this project, by their names. A new one gets a line in each of the two lists. */
import { models } from 'tf-mechanics';
import { PetalRegressor } from './petalRegressor';

export { PetalRegressor };
export const { makeModel } = models;

models.registerModel(PetalRegressor);

declare module 'tf-mechanics' {
  interface ModelRegistry {
    petal: typeof PetalRegressor;
  }
}
