/** The exports of `plot`: figures about training. */
export { audioSummaries } from './audioSummaries';
export { bestSoFar } from './bestSoFar';
export type { RunsChoice } from './chosenRuns';
export { type ConfusionMatrixOptions, confusionMatrix } from './confusionMatrix';
export { type ChartOptions, type Curve, type CurvesOptions, curves, line } from './curves';
export { distributions } from './distributions';
export { type EmbeddingPlotOptions, embedding } from './embedding';
export { type HeatmapOptions, heatmap } from './heatmap';
export { type HistogramOptions, histogram } from './histogram';
export { type HistogramsOptions, histograms } from './histograms';
export { imageSummaries } from './imageSummaries';
export {
  type DigitsOptions,
  digits,
  type ImagesOptions,
  images,
  type MisclassifiedOptions,
  misclassified,
} from './images';
export { type LearningCurvesOptions, learningCurves } from './learningCurves';
export type { MediaOptions } from './media';
export { type ParallelCoordinatesOptions, parallelCoordinates } from './parallelCoordinates';
export type { GroupBy, RunToGroup } from './runColors';
export type { Logdirs } from './runs';
export { type ScalarsOptions, scalars } from './scalars';
export type { StepHistogramsOptions, StepValues } from './stepHistograms';
export type { TilesOptions } from './tiles';
export { type TimelineOptions, timeline } from './timeline';
export { type WeightsOptions, weights } from './weights';
