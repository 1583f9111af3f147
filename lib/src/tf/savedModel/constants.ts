/**
 * The names used by all SavedModels.
 *
 * @see TensorFlow's python/saved_model: constants.py, tag_constants.py, signature_constants.py
 */

/** Files and folders of a SavedModel. */
export const FILES = {
  model: 'saved_model.pb',
  text: 'saved_model.pbtxt',
  variables: 'variables',
  /** The prefix of the variables' files. */
  prefix: 'variables',
  assets: 'assets',
} as const;

/** The version of the format in `saved_model.pb`. */
export const SCHEMA_VERSION = 1;

/** Collections and signatures with the operations to run after loading, and the files to read. */
export const KEYS = {
  initOp: '__saved_model_init_op',
  trainOp: '__saved_model_train_op',
  mainOp: 'saved_model_main_op',
  legacyInitOp: 'legacy_init_op',
  assets: 'saved_model_assets',
} as const;

/** Tags that describe the purpose of a graph in a SavedModel. */
export const tagConstants = { SERVING: 'serve', TRAINING: 'train', GPU: 'gpu', TPU: 'tpu' } as const;

/** The names of signatures, of their inputs and outputs, and of the methods by which servers call them. */
export const signatureConstants = {
  DEFAULT_SERVING_SIGNATURE_DEF_KEY: 'serving_default',
  CLASSIFY_INPUTS: 'inputs',
  CLASSIFY_METHOD_NAME: 'tensorflow/serving/classify',
  CLASSIFY_OUTPUT_CLASSES: 'classes',
  CLASSIFY_OUTPUT_SCORES: 'scores',
  PREDICT_INPUTS: 'inputs',
  PREDICT_METHOD_NAME: 'tensorflow/serving/predict',
  PREDICT_OUTPUTS: 'outputs',
  REGRESS_INPUTS: 'inputs',
  REGRESS_METHOD_NAME: 'tensorflow/serving/regress',
  REGRESS_OUTPUTS: 'outputs',
} as const;
