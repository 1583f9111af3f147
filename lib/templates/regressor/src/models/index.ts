/** The models of this project by name. Add a line to both lists for a new one. */
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
