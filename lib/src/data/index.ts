/** Data sets: examples and batches, the files they are read from, and MNIST. */
export { type ClassNumbers, classNumbers } from './classNumbers';
export { type CsvArray, type CsvColumn, type CsvColumnOptions, type ReadCsvOptions, readCsv } from './csv';
export {
  type BatchOptions,
  type ColumnDataSet,
  type ColumnDataSetOptions,
  type Columns,
  DataSet,
  type DataSetOptions,
  type DataSplitOptions,
  type ImageDType,
  type LabelDType,
} from './dataSet';
export type { DownloadProgress } from './download';
export {
  type ExampleArray,
  type ExampleFeature,
  type ExampleFeatureOptions,
  readExamples,
  type WriteExamplesOptions,
  writeExamples,
} from './examples';
export { type GetDataOptions, getData } from './getData';
export { type IdxArray, type IdxDType, parseIdx, readIdx, serializeIdx, writeIdx } from './idx';
export type { Sums } from './idxFolder';
export { type ImageFolder, type ReadImageFolderOptions, readImageFolder } from './imageFolder';
export { type DataSets, type DataSource, type ReadDataSetsOptions, readDataSets } from './mnist';
export { fitNormalization, type Moments, Normalization } from './normalization';
export { type DataSetName, dataSetNames } from './publishedSets';
export { Random } from './random';
