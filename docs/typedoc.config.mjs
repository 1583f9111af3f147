/**
 * The configuration of typedoc for the reference; see scripts/docs.mjs. Warnings are errors: a broken link, or a public
 * name without a comment.
 */

const shown = ['tf.Graph', 'tf.Operation', 'tf.Tensor', 'tf.IndexedSlices'];
const arrays = ['tf.HostArray', 'tf.IndexedSlicesValue'];
const agents = [
  'BasicAgent',
  'SupervisedAgent',
  'Classifier',
  'Regressor',
  'DigitClassifier',
  'Convnet',
  'FullyConnected',
  'SoftmaxRegression',
].map((name) => `models.${name}`);
const displayed = ['AudioPlayer', 'Gallery', 'GraphView'];
/** Members called implicitly by JavaScript or notebooks, whose purpose is clear. */
const calledByItself = {
  toString: shown,
  '[custom]': [...shown, ...arrays, ...displayed, 'Figure'],
  '[jupyterDisplay]': [...shown, ...displayed],
  '[asyncDispose]': agents,
};
/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'tf-mechanics',
  plugin: ['./places.mjs', './bookLink.mjs'],
  entryPoints: ['../lib/src/index.ts'],
  tsconfig: '../lib/tsconfig.json',
  skipErrorChecking: true, // npm test checks types
  readme: '../.cache/docs/README.md',
  projectDocuments: ['../.cache/docs/!(README).md'],
  out: 'dist',
  disableSources: true,
  disableGit: true,
  excludeExternals: true, // members that errors inherit from JavaScript's
  excludeInternal: true,
  excludePrivate: true,
  highlightLanguages: ['javascript', 'typescript', 'sh', 'python', 'json'],
  searchInDocuments: true,
  includeHierarchySummary: false, // its page lacks interfaces that extend a mapped type, whose pages link to it
  treatWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: ['Function', 'Class', 'Interface', 'TypeAlias', 'Variable', 'Enum'],
  intentionallyNotDocumented: [
    ...Object.entries(calledByItself).flatMap(([member, classes]) =>
      classes.map((name) => `tf-mechanics.${name}.${member}`),
    ),
  ],
  // Internal names mentioned in signatures appear as plain text.
  externalSymbolLinkMappings: { 'tf-mechanics': { '*': '#' } },
};
