/**
 * Writes docs/names.md, the table of Python's names and ours, from the exports of the compiled library; part of
 * `npm run docs`.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { articles } from './articles.mjs';
import { inRoot } from './setup/paths.mjs';
import { signatures } from './signatures.mjs';

/** Names without a counterpart of the same name in Python, and what they correspond to. */
const ours = {
  'tf.hostArray': 'an array in the host’s memory, like a NumPy array in Python',
  'tf.HostArray': 'its class',
  'tf.getItem': '`x[1:, -1]`',
  'tf.IndexedSlicesValue': 'the value of a fetched `IndexedSlices`',
  'tf.withDependencies': '`control_flow_ops.with_dependencies`',
  'tf.errors.TensorFlowError': '`tf.errors.OpError`',
  'tf.errors.errorOf': 'the error class of a status code',
  'tf.summary.readEvents': 'the events of a file or folder; of a damaged file, those before the damage',
  'tf.summary.readScalars': 'the scalars of a run by tag',
  'tf.summary.readSummaries': 'the summaries of a kind by tag',
  'tf.summary.readHParams': 'the hyperparameters of a run',
  'tf.summary.EventReader': 'what `readEvents` returns',
  'tf.savedModel.open': 'a model whose signatures are functions: `tf.saved_model.load` of TensorFlow 2',
  'tf.savedModel.inspect': '`saved_model_cli show --all`',
  'tf.timeline.exportChromeTrace': '`Timeline(…).generate_chrome_trace_format()`, written to a file',
};

/** Names that don't follow the rule (a capital letter becomes `_` and the small letter). */
const irregular = {
  'tf.mul': 'tf.multiply',
  'tf.sub': 'tf.subtract',
  'tf.neg': 'tf.negative',
  'tf.batchMatmul': 'tf.matmul',
  'tf.reduceLogSumExp': 'tf.reduce_logsumexp',
  'tf.registerGradient': 'tf.RegisterGradient',
  'tf.softplus': 'tf.nn.softplus',
  'tf.TraceLevel': 'tf.RunOptions',
  'tf.variableFromProto': 'tf.Variable.from_proto',
  'tf.train.CheckpointReader': 'tf.train.NewCheckpointReader',
  'tf.timeline.Timeline': 'tensorflow.python.client.timeline.Timeline',
};

const isClass = (name) => /^[A-Z]/.test(name);
const toSnakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The rows of one namespace: its exports, except namespaces, in alphabetical order. */
function rows(prefix, namespace) {
  const names = Object.keys(namespace).filter((name) => typeof namespace[name] === 'function' || isClass(name));
  return names
    .sort((a, b) => a.localeCompare(b, 'en'))
    .map((name) => {
      const full = `${prefix}.${name}`;
      if (full in ours) return `| – | \`${full}\` ${ours[full] ? `(${ours[full]})` : ''} |`;
      const python = irregular[full] ?? `${toSnakeCase(prefix)}.${isClass(name) ? name : toSnakeCase(name)}`;
      return `| \`${python}\` | \`${full}\` |`;
    });
}

/** An article's lines beside ours, as cells of a table. */
function linesOf({ title, lines }) {
  const cell = (code) =>
    code
      .split('\n')
      .map((line) => `\`${line.trim().replaceAll('|', '\\|')}\``)
      .join('<br>');
  const rows = lines.map(({ python, typescript }) => `| ${cell(python)} | ${cell(typescript)} |`);
  return `### ${title}\n\n| Python | TypeScript |\n|---|---|\n${rows.join('\n')}\n`;
}

/** A table of the signatures of a namespace that Python's TensorFlow doesn't have. */
function signatureTable([namespace, heading]) {
  const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;
  const rows = signatures(namespace).map(
    ({ signatures, what }) => `| ${signatures.map(code).join('<br>')} | ${what.replaceAll('|', '\\|')} |`,
  );
  return `## ${namespace}\n\n${heading}\n\n| TypeScript | description |\n|---|---|\n${rows.join('\n')}\n`;
}

/** The namespaces besides `tf`, and what Python programs use instead. */
const beside = {
  data: 'Replaces `tensorflow.examples.tutorials.mnist.input_data`.',
  mnist: 'Replaces `tensorflow.examples.tutorials.mnist.mnist`, the functions of the article.',
  models: 'Models as classes. Python’s articles define `BasicAgent` and `make_model` themselves.',
  hyperparameters: 'Hyperparameter search. Python’s articles have `hpsearch` with `fullsearch` and `randomsearch`.',
  plot: 'Figures, instead of `matplotlib.pyplot` in a notebook.',
};

/** The document, from the library's `tf`. */
export function namesDocument(tf) {
  const sections = {
    tf,
    'tf.nn': tf.nn,
    'tf.train': tf.train,
    'tf.summary': tf.summary,
    'tf.io': tf.io,
    'tf.graphUtil': tf.graphUtil,
    'tf.savedModel': tf.savedModel,
    'tf.savedModel.signatureDefUtils': tf.savedModel.signatureDefUtils,
    'tf.ragged': tf.ragged,
    'tf.timeline': tf.timeline,
    'tf.errors': tf.errors,
  };
  const tables = Object.entries(sections).map(
    ([prefix, namespace]) =>
      `## ${prefix}\n\n| Python | TypeScript |\n|---|---|\n${rows(prefix, namespace).join('\n')}\n`,
  );
  return `# Names

How Python's names of TensorFlow 1 translate to TypeScript:

- snake_case becomes camelCase.
- Required arguments stay positional; keyword arguments go into one options object at the end. An optional argument that comes before
  \`name\` in Python may be positional here too: \`tf.argMax(x, 1)\`, \`tf.nn.topK(x, 2)\`, \`tf.zeros([2], tf.int32)\`.
- A \`with\` block becomes a function that takes a callback and returns its value.
- A feed dict is a \`Map\` or an iterable of pairs.

\`npm run docs\` generates this page.

## The articles' lines

Every line of the three articles, with its translation. Names that only TensorFlow 0.x had are marked as deprecated in editors. A test compiles and runs
every line, and compares the results with Python's. Note:

- A plain number is always \`float32\` here, while Python takes \`0\` for an \`int32\`. So \`global_step\` needs a \`dtype\`.
- \`tf.app.flags\` and \`tf.app.run\` correspond to the command line. \`npm run main -- --model_name convnet --lr 0.01 --max_iter 2000\` accepts the
  article's flags in the article's spelling (\`--fullsearch\`, \`--infer\`, \`--dry_run\`, \`--fixed_params\` …) or with \`-\`. A program reads them from
  the model's configuration.

${articles.map(linesOf).join('\n')}
${tables.join('\n')}
${Object.entries(beside).map(signatureTable).join('\n')}`;
}

/** Writes the document. */
export function writeNames() {
  const { tf } = createRequire(inRoot('package.json'))('tf-mechanics');
  writeFileSync(inRoot('docs', 'names.md'), namesDocument(tf));
}
