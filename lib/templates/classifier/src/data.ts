/** Reads the examples and splits them. */
import path from 'node:path';
import { data } from 'tf-mechanics';

/** The classes in the order of their numbers. */
export const species = ['setosa', 'versicolor', 'virginica'];

const features = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

/** The measurements in a file such as data/iris.csv. */
export function readMeasures(file: string) {
  return data.readCsv(file, { features });
}

/** The flowers for training, for choosing between models, and for the final test. The same seed gives the same sets. */
export async function loadData(folder: string, seed: number) {
  const file = path.join(folder, 'iris.csv');
  const flowers = new data.DataSet(
    await data.readCsv(file, { features, label: { from: 'species', classes: species } }),
  );
  return flowers.split({ train: 0.6, validation: 0.2, test: 0.2 }, { seed, stratifyBy: 'label' });
}
