/** The models of this project by name. Add a line to both lists for a new one. */
import { models } from 'tf-mechanics';
import { IrisClassifier } from './irisClassifier';

export { IrisClassifier };
export const { makeModel } = models;

models.registerModel(IrisClassifier);

declare module 'tf-mechanics' {
  interface ModelRegistry {
    iris: typeof IrisClassifier;
  }
}
