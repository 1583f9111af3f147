/**
 * TensorFlow's graph mechanics in TypeScript: graphs, sessions, gradients, training, summaries and checkpoints, run by
 * libtensorflow.
 *
 * @module tf-mechanics
 *
 * @example
 * import { tf } from 'tf-mechanics';
 *
 * const x = tf.placeholder('float32', []);
 * const y = tf.square(x);
 * new tf.Session().runSync(y, [[x, 3]]); // 9
 */

// First, so that another thread loads libtensorflow while this one reads all that follows.
import './runtime/loadAhead';

export * as data from './data';
export {
  type ExerciseEffects,
  type ExerciseId,
  type ExerciseNotebook,
  type ExerciseResult,
  type ExerciseTable,
  exercise,
  exercises,
  type Hint,
  hint,
} from './exercises';
export * as hyperparameters from './hyperparameters';
export * as mnist from './mnist';
export * as models from './models';
// As a whole, for only so `declare module 'tf-mechanics'` reaches what it exports.
export * from './models/modelRegistry';
export { type DigitModel, type DigitPad, type DrawDigitOptions, drawDigit } from './models/pad';
export { display } from './notebook/display';
export { Figure } from './notebook/figure/figure';
export type { FigureData, Layout, Trace } from './notebook/figure/figureData';
export { type GraphView, type GraphViewOptions, graphView } from './notebook/graph/graphView';
export { LiveChart, type LiveChartOptions, liveChart } from './notebook/live/liveChart';
export { type Progress, type ProgressOptions, progress } from './notebook/live/progress';
export type { AudioPlayer, AudioPlayerOptions } from './notebook/media/audio';
export type { Gallery, GalleryGroup } from './notebook/media/gallery';
export * as observe from './notebook/observe';
export * as plot from './notebook/plot';
export { type PrincipalComponents, pca } from './notebook/plot/pca';
export { type RunDirectoryOptions, runDirectory } from './notebook/runDirectory';
export type { RunRow } from './notebook/runs/runRows';
export { type RunTable, type RunTableOptions, runs } from './notebook/runs/runTable';
export { type TensorBoard, type TensorBoardOptions, tensorboard } from './notebook/tensorboard/tensorboard';
export { type ButtonControl, button } from './notebook/widgets/button';
export type { CallbackOptions } from './notebook/widgets/callback';
export { checkbox } from './notebook/widgets/checkbox';
export { type ChoiceOptions, choice } from './notebook/widgets/choice';
export type { Control, ControlOptions } from './notebook/widgets/control';
export {
  type Button,
  type ControlPanel,
  type ControlSpecs,
  type Controls,
  type ControlValues,
  controls,
  type OnChangeOptions,
} from './notebook/widgets/controls';
export type { ChoiceValue } from './notebook/widgets/controlView';
export { type OutputRegion, output } from './notebook/widgets/output';
export { type SliderOptions, slider } from './notebook/widgets/slider';
export { text } from './notebook/widgets/text';
export { type Widget, type WidgetOptions, widget } from './notebook/widgets/widget';
export * as tf from './tf';
export * from './tf/graph/collectionTypes';

// Last, when all the names above are there: a model among the library's own may import them from 'tf-mechanics'.
import './models/registry';
