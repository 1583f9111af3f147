/** The models of this project, by their names. A new one gets a line in each of the two lists. */
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
