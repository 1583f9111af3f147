/**
 * The names that saved models have in common.
 *
 * @see TensorFlow's python/saved_model: constants.py, tag_constants.py, signature_constants.py
 */

/** Files and folders within that of a saved model. */
export const FILES = {
  model: 'saved_model.pb',
  text: 'saved_model.pbtxt',
  variables: 'variables',
  /** What the names of the variables' files start with. */
  prefix: 'variables',
  assets: 'assets',
} as const;

/** The version of the format that `saved_model.pb` says. */
export const SCHEMA_VERSION = 1;

/** Collections and signatures that say what is to be done, and with which files. */
export const KEYS = {
  initOp: '__saved_model_init_op',
  trainOp: '__saved_model_train_op',
  mainOp: 'saved_model_main_op',
  legacyInitOp: 'legacy_init_op',
  assets: 'saved_model_assets',
} as const;

/** Tags that say what a graph of a saved model is for. */
export const tagConstants = { SERVING: 'serve', TRAINING: 'train', GPU: 'gpu', TPU: 'tpu' } as const;

/** The names of signatures, of what they take and give, and of the ways in which servers call them. */
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
