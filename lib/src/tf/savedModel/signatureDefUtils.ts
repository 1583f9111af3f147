/** The exports of `tf.savedModel.signatureDefUtils`. */
export {
  buildSignatureDef,
  classificationSignatureDef,
  predictSignatureDef,
  regressionSignatureDef,
} from './signatureDefs';
