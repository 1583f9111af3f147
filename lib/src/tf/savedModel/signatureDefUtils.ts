/** Everything that is `tf.savedModel.signatureDefUtils.…`. */
export {
  buildSignatureDef,
  classificationSignatureDef,
  predictSignatureDef,
  regressionSignatureDef,
} from './signatureDefs';
