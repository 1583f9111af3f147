/** Writes docs/names.md, the table of Python's names and ours, from what the compiled library exports; a part of `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { articles } from './articles.mjs';
import { inRoot } from './setup/paths.mjs';
import { signatures } from './signatures.mjs';

/** What has no name in Python, and what it is instead. */
const ours = {
  'tf.hostArray': 'an array in the host’s memory, as numpy’s arrays are for Python',
  'tf.HostArray': 'its class',
  'tf.getItem': '`x[1:, -1]`',
  'tf.IndexedSlicesValue': 'what a session gives for `IndexedSlices`',
  'tf.withDependencies': '`control_flow_ops.with_dependencies`',
  'tf.errors.TensorFlowError': '`tf.errors.OpError`',
  'tf.errors.errorOf': 'the error of a status code',
  'tf.summary.readEvents': 'the events of a file or a folder, of a damaged one what is sound',
  'tf.summary.readScalars': 'the scalars of a run by tag',
  'tf.summary.readSummaries': 'the summaries of a kind by tag',
  'tf.summary.readHParams': 'the hyperparameters of a run',
  'tf.summary.EventReader': 'what `readEvents` returns',
  'tf.savedModel.open': 'a model whose signatures are functions: `tf.saved_model.load` of TensorFlow 2',
  'tf.savedModel.inspect': '`saved_model_cli show --all`',
  'tf.timeline.exportChromeTrace': '`Timeline(…).generate_chrome_trace_format()`, written to a file',
};

/** Names that the rule (a capital letter becomes `_` and a small one) doesn't give. */
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

/** The rows of one namespace: what it exports but for namespaces, in alphabetical order. */
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

/** What a namespace of ours has that Python's TensorFlow hasn't, as a table of signatures. */
function signatureTable([namespace, heading]) {
  const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;
  const rows = signatures(namespace).map(
    ({ signatures, what }) => `| ${signatures.map(code).join('<br>')} | ${what.replaceAll('|', '\\|')} |`,
  );
  return `## ${namespace}\n\n${heading}\n\n| TypeScript | what it is |\n|---|---|\n${rows.join('\n')}\n`;
}

/** The namespaces beside `tf`, and what Python's programs have in their place. */
const beside = {
  data: 'In the place of `tensorflow.examples.tutorials.mnist.input_data`.',
  mnist: 'In the place of `tensorflow.examples.tutorials.mnist.mnist`, the functions of the article.',
  models: 'Models as classes; Python’s articles have a `BasicAgent` and a `make_model` of their own.',
  hyperparameters: 'Search; Python’s articles have `hpsearch` with `fullsearch` and `randomsearch`.',
  plot: 'Figures, in the place of `matplotlib.pyplot` in a notebook.',
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

snake_case becomes camelCase, required arguments stay positional, keyword arguments go into one options object at the end, \`with\` blocks
become functions that return their callback's value, and a feed dict is a \`Map\` or an iterable of pairs. An optional argument that
stands before \`name\` in Python may stand in its place here too: \`tf.argMax(x, 1)\`, \`tf.nn.topK(x, 2)\`, \`tf.zeros([2], tf.int32)\`. This table
is made by \`npm run docs\`.

## The articles' lines

The lines of the three articles, in their form, and what does the same here; what TensorFlow 0.x alone had is marked as deprecated where one points
at it. A test compiles and runs every line, and compares what comes out with what Python gives. Two things to know:

- A plain number is \`float32\` here, whole or not; Python takes \`0\` for an \`int32\`. So \`global_step\` is given its \`dtype\`.
- \`tf.app.flags\` and \`tf.app.run\` are the command line's: \`npm run main -- --model_name convnet --lr 0.01 --max_iter 2000\` takes the
  article's flags as the article spells them (\`--fullsearch\`, \`--infer\`, \`--dry_run\`, \`--fixed_params\` … or with \`-\`), and a model's
  configuration is where a program reads them.

${articles.map(linesOf).join('\n')}
${tables.join('\n')}
${Object.entries(beside).map(signatureTable).join('\n')}`;
}

/** Writes the document. */
export function writeNames() {
  const { tf } = createRequire(inRoot('package.json'))('tf-mechanics');
  writeFileSync(inRoot('docs', 'names.md'), namesDocument(tf));
}
