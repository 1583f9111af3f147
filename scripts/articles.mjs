/**
 * Every call of TensorFlow's that the three articles make, in the form in which they make it, and the line of TypeScript that does the
 * same. Each article's lines are one program from top to bottom. `docs/names.md` shows the two side by side; `tests/articles` compiles
 * and runs them.
 *
 * `gives` is an expression, with the value that it has after the line.
 */

/** @typedef {{ python: string, typescript: string, gives?: readonly [expression: string, value: unknown] }} Line */

/** @type {readonly { title: string, lines: readonly Line[] }[]} */
export const articles = [
  {
    title: 'TensorFlow Mechanics 101',
    lines: [
      {
        python: 'data_sets = input_data.read_data_sets(FLAGS.train_dir, FLAGS.fake_data)',
        typescript: 'const dataSets = await data.readDataSets(FLAGS.trainDir, FLAGS.fakeData);',
        gives: [
          '[dataSets.train, dataSets.validation, dataSets.test].map((set) => set.numExamples)',
          [10000, 10000, 10000],
        ],
      },
      {
        python: 'images, labels = get_data(train=False)',
        typescript: 'const [testImages, testLabels] = await data.getData({ train: false, fakeData: FLAGS.fakeData });',
        gives: ['[testImages.shape, testLabels.shape]', [[10000, 784], [10000]]],
      },
      {
        python: 'with tf.Graph().as_default():',
        typescript: "new tf.Graph().asDefault(() => { tf.noOp({ name: 'inside' }); });",
        gives: ['tf.getDefaultGraph().operations.length', 0],
      },
      {
        python: 'images_placeholder = tf.placeholder(tf.float32, shape=(batch_size, mnist.IMAGE_PIXELS))',
        typescript: 'const imagesPlaceholder = tf.placeholder(tf.float32, [batchSize, mnist.IMAGE_PIXELS]);',
        gives: ['imagesPlaceholder.shape', [100, 784]],
      },
      {
        python: 'labels_placeholder = tf.placeholder(tf.int32, shape=(batch_size))',
        typescript: 'const labelsPlaceholder = tf.placeholder(tf.int32, batchSize);',
        gives: ['[labelsPlaceholder.shape, labelsPlaceholder.dtype]', [[100], 'int32']],
      },
      {
        python:
          'with tf.name_scope("hidden1") as scope:\n  weights = tf.Variable(tf.truncated_normal([IMAGE_PIXELS, hidden1_units], stddev=1.0 / math.sqrt(float(IMAGE_PIXELS))), name="weights")',
        typescript:
          "const weights = tf.nameScope('hidden1', (scope) =>\n  new tf.Variable(tf.truncatedNormal([mnist.IMAGE_PIXELS, 128], { stddev: 1 / Math.sqrt(mnist.IMAGE_PIXELS) }), { name: 'weights' }));",
        gives: ['[weights.name, weights.shape]', ['hidden1/weights:0', [784, 128]]],
      },
      {
        python: 'biases = tf.Variable(tf.zeros([hidden1_units]), name="biases")',
        typescript: "const biases = new tf.Variable(tf.zeros([128]), { name: 'biases' });",
        gives: ['biases.name', 'biases:0'],
      },
      {
        python: 'hidden1 = tf.nn.relu(tf.matmul(images, weights) + biases)',
        typescript: 'const hidden1 = tf.nn.relu(tf.add(tf.matmul(imagesPlaceholder, weights), biases));',
        gives: ['[hidden1.name, hidden1.shape]', ['Relu:0', [100, 128]]],
      },
      {
        python: 'logits = tf.matmul(hidden2, weights) + biases',
        typescript:
          "const logits = tf.add(tf.matmul(hidden1, new tf.Variable(tf.zeros([128, 10]))), new tf.Variable(tf.zeros([10])), { name: 'logits' });",
        gives: ['logits.shape', [100, 10]],
      },
      {
        python: 'batch_size = tf.size(labels)',
        typescript: 'const size = tf.size(labelsPlaceholder);',
        gives: ['await value(size)', 100],
      },
      {
        python: 'labels = tf.expand_dims(labels, 1)',
        typescript: 'const expanded = tf.expandDims(labelsPlaceholder, 1);',
        gives: ['expanded.shape', [100, 1]],
      },
      {
        python: 'indices = tf.expand_dims(tf.range(0, batch_size, 1), 1)',
        typescript: 'const indices = tf.expandDims(tf.range(0, size, 1), 1);',
        gives: ['(await value(indices)).toArray().slice(0, 3)', [[0], [1], [2]]],
      },
      {
        python: 'concated = tf.concat(1, [indices, labels])',
        typescript: 'const concated = tf.concat(1, [indices, expanded]);',
        gives: ['(await value(concated)).toArray()[99]', [99, 0]],
      },
      {
        python: 'onehot_labels = tf.sparse_to_dense(concated, tf.pack([batch_size, NUM_CLASSES]), 1.0, 0.0)',
        typescript: 'const onehotLabels = tf.sparseToDense(concated, tf.pack([size, mnist.NUM_CLASSES]), 1, 0);',
        gives: ['(await value(onehotLabels)).toArray()[5]', [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
      },
      {
        python: 'first, second = tf.unpack(tf.pack([a, b]))',
        typescript: 'const [, second] = tf.unpack(tf.pack([[1, 2], [3, 4]]), { num: 2 });',
        gives: ['(await value(second)).toArray()', [3, 4]],
      },
      {
        python: 'cross_entropy = tf.nn.softmax_cross_entropy_with_logits(logits, onehot_labels, name="xentropy")',
        typescript:
          "const crossEntropy = tf.nn.softmaxCrossEntropyWithLogits(logits, onehotLabels, { name: 'xentropy' });",
        gives: ['crossEntropy.name', 'xentropy:0'],
      },
      {
        python: 'loss = tf.reduce_mean(cross_entropy, name="xentropy_mean")',
        typescript: "const loss = tf.reduceMean(crossEntropy, { name: 'xentropy_mean' });",
        gives: ['[loss.op.name, await value(loss)]', ['xentropy_mean', expectClose(Math.log(10))]],
      },
      {
        python: 'tf.scalar_summary(loss.op.name, loss)',
        typescript: 'tf.scalarSummary(loss.op.name, loss);',
        gives: ["tf.getCollection('summaries').length", 1],
      },
      {
        python: 'optimizer = tf.train.GradientDescentOptimizer(FLAGS.learning_rate)',
        typescript: 'const optimizer = new tf.train.GradientDescentOptimizer(FLAGS.learningRate);',
        gives: ['optimizer.name', 'GradientDescent'],
      },
      {
        python: 'global_step = tf.Variable(0, name="global_step", trainable=False)',
        typescript:
          "const globalStep = new tf.Variable(0, { dtype: tf.int32, name: 'global_step', trainable: false });",
        gives: ['[globalStep.dtype, globalStep.trainable]', ['int32', false]],
      },
      {
        python: 'train_op = optimizer.minimize(loss, global_step=global_step)',
        typescript: 'const trainOp = optimizer.minimize(loss, { globalStep });',
        gives: ['trainOp.name', 'GradientDescent'],
      },
      {
        python: 'summary_op = tf.merge_all_summaries()',
        typescript: 'const summaryOp = tf.mergeAllSummaries();',
        gives: ['summaryOp.name', 'MergeSummary/MergeSummary:0'],
      },
      {
        python: 'init = tf.initialize_all_variables()',
        typescript: 'const init = tf.initializeAllVariables();',
        gives: ['init.type', 'NoOp'],
      },
      {
        python: 'saver = tf.train.Saver()',
        typescript: 'const saver = new tf.train.Saver();',
        gives: ['saver.lastCheckpoints', []],
      },
      {
        python: 'sess = tf.Session()\nsess.run(init)',
        typescript: 'const sess = new tf.Session();\nawait sess.run(init);',
        gives: ['await sess.run(globalStep)', 0],
      },
      {
        python: 'with tf.Session() as sess:',
        typescript: '{ await using another = new tf.Session(); await another.run(init); }',
      },
      {
        python: 'images_feed, labels_feed = data_set.next_batch(FLAGS.batch_size, FLAGS.fake_data)',
        typescript: 'const [imagesFeed, labelsFeed] = dataSets.train.nextBatch(batchSize, FLAGS.fakeData);',
        gives: ['imagesFeed.shape', [100, 784]],
      },
      {
        python: 'feed_dict = {images_placeholder: images_feed, labels_placeholder: labels_feed}',
        typescript: 'const feedDict: tf.Feeds = [[imagesPlaceholder, imagesFeed], [labelsPlaceholder, labelsFeed]];',
        gives: ['[...feedDict].length', 2],
      },
      {
        python: '_, loss_value = sess.run([train_op, loss], feed_dict=feed_dict)',
        typescript: 'const [none, lossValue] = await sess.run([trainOp, loss], feedDict);',
        gives: ['[none, lossValue]', [null, expectClose(Math.log(10))]],
      },
      {
        python: 'summary_writer = tf.train.SummaryWriter(FLAGS.train_dir, graph_def=sess.graph_def)',
        typescript: 'const summaryWriter = new tf.train.SummaryWriter(FLAGS.trainDir, { graphDef: sess.graphDef });',
        gives: ['summaryWriter.getLogdir() === FLAGS.trainDir', true],
      },
      {
        python:
          'summary_str = sess.run(summary_op, feed_dict=feed_dict)\nsummary_writer.add_summary(summary_str, step)',
        typescript: 'summaryWriter.addSummary(await sess.run(summaryOp, feedDict), 1);\nawait summaryWriter.flush();',
        gives: ["(await tf.summary.readScalars(FLAGS.trainDir)).get('xentropy_mean')?.map(({ step }) => step)", [1]],
      },
      {
        python: 'saver.save(sess, FLAGS.train_dir, global_step=step)',
        typescript: 'await saver.save(sess, FLAGS.trainDir, { globalStep: 1 });',
        gives: ['saver.lastCheckpoints.map((file) => file.endsWith("-1"))', [true]],
      },
      {
        python: 'saver.restore(sess, FLAGS.train_dir)',
        typescript: 'await saver.save(sess, FLAGS.trainDir);\nawait saver.restore(sess, FLAGS.trainDir);',
        gives: ['await sess.run(globalStep)', 1],
      },
      {
        python: 'correct = tf.nn.in_top_k(logits, labels, 1)',
        typescript: 'const correct = tf.nn.inTopK(logits, labelsPlaceholder, 1);',
        gives: ['correct.dtype', 'bool'],
      },
      {
        python: 'return tf.reduce_sum(tf.cast(correct, tf.int32))',
        typescript: 'const evalCorrect = tf.reduceSum(tf.cast(correct, tf.int32));',
        gives: ['await sess.run(evalCorrect, feedDict)', 100],
      },
    ],
  },
  {
    title: 'TensorBoard: Visualizing Learning',
    lines: [
      {
        python: 'W = tf.Variable(tf.truncated_normal([patch_size, patch_size, num_channels, depth], stddev=0.1))',
        typescript: 'const W = new tf.Variable(tf.truncatedNormal([5, 5, 1, 8], { stddev: 0.1 }));',
        gives: ['W.shape', [5, 5, 1, 8]],
      },
      {
        python: 'tf.nn.relu6(x)',
        typescript: 'const clipped = tf.nn.relu6([-1, 3, 9]);',
        gives: ['(await value(clipped)).toArray()', [0, 3, 6]],
      },
      {
        python: 'tf.histogram_summary("weights", W)',
        typescript: "tf.histogramSummary('weights', W);",
        gives: ["tf.getCollection('summaries').length", 1],
      },
      {
        python: 'tf.scalar_summary("accuracy", accuracy)',
        typescript: "const accuracy = tf.constant(0.5);\ntf.scalarSummary('accuracy', accuracy);",
        gives: ["tf.getCollection('summaries').length", 2],
      },
      {
        python: 'tf.image_summary("filters", images)',
        typescript: "tf.imageSummary('filters', tf.zeros([1, 4, 4, 1]), { maxImages: 1 });",
        gives: ["tf.getCollection('summaries').length", 3],
      },
      {
        python: 'tf.audio_summary("tone", waves, sample_rate)',
        typescript: "tf.audioSummary('tone', tf.zeros([1, 100, 1]), 8000);",
        gives: ["tf.getCollection('summaries').length", 4],
      },
      {
        python: 'def variable_summaries(var, name):\n  with tf.name_scope("summaries"): …',
        typescript: "mnist.variableSummaries(W, 'layer1/weights');",
        gives: ["tf.getCollection('summaries').length", 9],
      },
      {
        python: 'merged = tf.merge_all_summaries()',
        typescript: 'const merged = tf.mergeAllSummaries();',
        gives: ['merged.dtype', 'string'],
      },
      {
        python:
          'train_writer = tf.train.SummaryWriter(summaries_dir + "/train", sess.graph)\nvalid_writer = tf.train.SummaryWriter(summaries_dir + "/valid")',
        typescript:
          'const session = new tf.Session();\nconst trainWriter = new tf.train.SummaryWriter(summariesDir + "/train", session.graph);\nconst validWriter = new tf.train.SummaryWriter(summariesDir + "/valid");',
        gives: ['validWriter.getLogdir() === summariesDir + "/valid"', true],
      },
      {
        python: 'run_options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)\nrun_metadata = tf.RunMetadata()',
        typescript:
          'const runOptions = tf.RunOptions({ traceLevel: tf.RunOptions.FULL_TRACE });\nconst runMetadata = new tf.RunMetadata();',
        gives: ['runOptions', { traceLevel: 'FULL_TRACE' }],
      },
      {
        python:
          'summary, acc = sess.run([merged, accuracy], feed_dict=feed_dict, options=run_options, run_metadata=run_metadata)',
        typescript:
          'await session.run(tf.globalVariablesInitializer());\nconst [summary, acc] = await session.run([merged, accuracy], [], { options: runOptions, runMetadata });',
        gives: ['[acc, (runMetadata.stepStats?.devStats.length ?? 0) > 0]', [0.5, true]],
      },
      {
        python: 'train_writer.add_run_metadata(run_metadata, "step%03d" % i)',
        typescript:
          "trainWriter.addRunMetadata(runMetadata, 'step001');\ntrainWriter.addSummary(summary, 1);\nawait trainWriter.close();",
        gives: ['(await tf.summary.readScalars(trainWriter.getLogdir())).get("accuracy")?.length', 1],
      },
    ],
  },
  {
    title: 'How to structure a TensorFlow project',
    lines: [
      {
        python: 'saver = tf.train.Saver(max_to_keep=50)',
        typescript:
          "const lr = new tf.Variable(0.01, { name: 'lr' });\nconst saver = new tf.train.Saver({ maxToKeep: 50 });",
        gives: ['saver.lastCheckpoints', []],
      },
      {
        python: 'gpu_options = tf.GPUOptions(allow_growth=True)\nsess_config = tf.ConfigProto(gpu_options=gpu_options)',
        typescript:
          'const gpuOptions = tf.GPUOptions({ allowGrowth: true });\nconst sessConfig = tf.ConfigProto({ gpuOptions });',
        gives: ['sessConfig', { gpuOptions: { allowGrowth: true } }],
      },
      {
        python: 'self.sess = tf.Session(config=sess_config, graph=self.graph)',
        typescript: 'const graph = tf.getDefaultGraph();\nconst sess = new tf.Session({ config: sessConfig, graph });',
        gives: ['sess.graph === graph', true],
      },
      {
        python: 'self.sw = tf.summary.FileWriter(self.result_dir, self.sess.graph)',
        typescript: 'const sw = new tf.summary.FileWriter(resultDir, sess.graph);',
        gives: ['sw.getLogdir() === resultDir', true],
      },
      {
        python: 'tf.set_random_seed(self.random_seed)',
        typescript: 'tf.setRandomSeed(7);',
        gives: ['graph.seed', 7],
      },
      {
        python: 'global_step_t = tf.train.get_global_step(self.graph)',
        typescript: 'tf.train.createGlobalStep();\nconst globalStep = tf.train.getGlobalStep(graph);',
        gives: ['globalStep?.name', 'global_step:0'],
      },
      {
        python: 'checkpoint = tf.train.get_checkpoint_state(self.result_dir)',
        typescript:
          'await sess.run(tf.globalVariablesInitializer());\nawait saver.save(sess, resultDir + "/agent-ep", { globalStep: 3 });\nconst checkpoint = tf.train.getCheckpointState(resultDir);',
        gives: ["checkpoint?.modelCheckpointPath.endsWith('agent-ep-3')", true],
      },
      {
        python: 'self.saver.restore(self.sess, checkpoint.model_checkpoint_path)',
        typescript: 'await saver.restore(sess, checkpoint!.modelCheckpointPath);',
        gives: ['(await sess.run(lr)).toFixed(2)', '0.01'],
      },
      {
        python: 'model = make_model(config, env)',
        typescript: "const model = models.makeModel({ modelName: 'fully_connected', lr: 0.2, fakeData: true });",
        gives: ['(model.config as { lr: number }).lr', 0.2],
      },
      {
        python: 'get_model_class(config)',
        typescript: "const type = models.getModelClass({ modelName: 'convnet' });",
        gives: ['type.modelName', 'convnet'],
      },
    ],
  },
];

/** A number that is nearly this one, as vitest's matcher. */
function expectClose(number) {
  return { asymmetricMatch: (value) => Math.abs(value - number) < 1e-3 };
}
