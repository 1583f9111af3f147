/**
 * The code of three articles about TensorFlow 1's graph mechanics, line by line, with the equivalent TypeScript. The
 * lines of an article form one program in either language. `docs/names.md` and the book show them side by side;
 * `tests/articles` compiles and runs them and compares the results with those of Python's TensorFlow.
 *
 * `gives` is what to compare after a line: an expression in TypeScript and one in Python with the same value. `before`
 * is code that a line needs and that the article has elsewhere; it is executed but not shown.
 */

/**
 * @typedef {{
 *   python: string,
 *   typescript: string,
 *   gives?: readonly [typescript: string, python: string],
 *   before?: { python?: string, typescript?: string },
 * }} Line
 */

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
          '[data_set.num_examples for data_set in (data_sets.train, data_sets.validation, data_sets.test)]',
        ],
      },
      {
        python: 'test_images, test_labels = get_data(train=False)',
        typescript: 'const [testImages, testLabels] = await data.getData({ train: false, fakeData: FLAGS.fakeData });',
        gives: ['[testImages.shape, testLabels.shape]', '[test_images.shape, test_labels.shape]'],
      },
      {
        python: 'with tf.Graph().as_default():\n  tf.no_op(name="inside")',
        typescript: "new tf.Graph().asDefault(() => {\n  tf.noOp({ name: 'inside' });\n});",
        gives: ['tf.getDefaultGraph().operations.length', 'len(tf.get_default_graph().get_operations())'],
      },
      {
        python: 'images_placeholder = tf.placeholder(tf.float32, shape=(batch_size, mnist.IMAGE_PIXELS))',
        typescript: 'const imagesPlaceholder = tf.placeholder(tf.float32, [batchSize, mnist.IMAGE_PIXELS]);',
        gives: [
          '[imagesPlaceholder.name, imagesPlaceholder.shape, imagesPlaceholder.dtype]',
          '[images_placeholder.name, images_placeholder.shape, images_placeholder.dtype]',
        ],
      },
      {
        python: 'labels_placeholder = tf.placeholder(tf.int32, shape=(batch_size))',
        typescript: 'const labelsPlaceholder = tf.placeholder(tf.int32, batchSize);',
        gives: [
          '[labelsPlaceholder.name, labelsPlaceholder.shape, labelsPlaceholder.dtype]',
          '[labels_placeholder.name, labels_placeholder.shape, labels_placeholder.dtype]',
        ],
      },
      {
        python: `with tf.name_scope("hidden1") as scope:
  weights = tf.Variable(
      tf.truncated_normal([IMAGE_PIXELS, hidden1_units], stddev=1.0 / math.sqrt(float(IMAGE_PIXELS))),
      name="weights")`,
        typescript: `const weights = tf.nameScope('hidden1', (scope) => {
  const stddev = 1 / Math.sqrt(mnist.IMAGE_PIXELS);
  return new tf.Variable(tf.truncatedNormal([mnist.IMAGE_PIXELS, hidden1Units], { stddev }), { name: 'weights' });
});`,
        gives: ['[weights.name, weights.shape]', '[weights.name, weights.shape]'],
      },
      {
        python: 'biases = tf.Variable(tf.zeros([hidden1_units]), name="biases")',
        typescript: "const biases = new tf.Variable(tf.zeros([hidden1Units]), { name: 'biases' });",
        gives: ['[biases.name, await value(biases)]', '[biases.name, value(biases)]'],
      },
      {
        before: { python: 'images = images_placeholder', typescript: 'const images = imagesPlaceholder;' },
        python: 'hidden1 = tf.nn.relu(tf.matmul(images, weights) + biases)',
        typescript: 'const hidden1 = tf.nn.relu(tf.add(tf.matmul(images, weights), biases));',
        gives: ['[hidden1.name, hidden1.shape, hidden1.op.type]', '[hidden1.name, hidden1.shape, hidden1.op.type]'],
      },
      {
        before: {
          python: `weights = tf.Variable(tf.zeros([hidden1_units, hidden2_units]))
biases = tf.Variable(tf.zeros([hidden2_units]))`,
          typescript: `const weights2 = new tf.Variable(tf.zeros([hidden1Units, hidden2Units]));
const biases2 = new tf.Variable(tf.zeros([hidden2Units]));`,
        },
        python: 'hidden2 = tf.nn.relu(tf.matmul(hidden1, weights) + biases)',
        typescript: 'const hidden2 = tf.nn.relu(tf.add(tf.matmul(hidden1, weights2), biases2));',
        gives: ['[hidden2.name, hidden2.shape]', '[hidden2.name, hidden2.shape]'],
      },
      {
        before: {
          python: `weights = tf.Variable(tf.zeros([hidden2_units, NUM_CLASSES]))
biases = tf.Variable(tf.zeros([NUM_CLASSES]))`,
          typescript: `const weights3 = new tf.Variable(tf.zeros([hidden2Units, mnist.NUM_CLASSES]));
const biases3 = new tf.Variable(tf.zeros([mnist.NUM_CLASSES]));`,
        },
        python: 'logits = tf.matmul(hidden2, weights) + biases',
        typescript: 'const logits = tf.add(tf.matmul(hidden2, weights3), biases3);',
        gives: ['[logits.shape, logits.dtype]', '[logits.shape, logits.dtype]'],
      },
      {
        before: { python: 'labels = labels_placeholder' },
        python: 'batch_size = tf.size(labels)',
        typescript: 'const size = tf.size(labelsPlaceholder);',
        gives: ['[size.dtype, await value(size)]', '[batch_size.dtype, value(batch_size)]'],
      },
      {
        python: 'labels = tf.expand_dims(labels, 1)',
        typescript: 'const labels = tf.expandDims(labelsPlaceholder, 1);',
        gives: ['[labels.name, labels.shape]', '[labels.name, labels.shape]'],
      },
      {
        python: 'indices = tf.expand_dims(tf.range(0, batch_size, 1), 1)',
        typescript: 'const indices = tf.expandDims(tf.range(0, size, 1), 1);',
        gives: ['await value(indices)', 'value(indices)'],
      },
      {
        python: 'concated = tf.concat(1, [indices, labels])',
        typescript: 'const concated = tf.concat(1, [indices, labels]);',
        gives: ['await value(concated)', 'value(concated)'],
      },
      {
        python: 'onehot_labels = tf.sparse_to_dense(concated, tf.pack([batch_size, NUM_CLASSES]), 1.0, 0.0)',
        typescript: 'const onehotLabels = tf.sparseToDense(concated, tf.pack([size, mnist.NUM_CLASSES]), 1.0, 0.0);',
        gives: ['[onehotLabels.dtype, await value(onehotLabels)]', '[onehot_labels.dtype, value(onehot_labels)]'],
      },
      {
        before: { python: 'a, b = [1, 2], [3, 4]', typescript: 'const [a, b] = [[1, 2], [3, 4]];' },
        python: 'first, second = tf.unpack(tf.pack([a, b]))',
        typescript: 'const [first, second] = tf.unpack(tf.pack([a, b]), { num: 2 });',
        gives: ['[await value(first), await value(second)]', '[value(first), value(second)]'],
      },
      {
        python: 'cross_entropy = tf.nn.softmax_cross_entropy_with_logits(logits, onehot_labels, name="xentropy")',
        typescript:
          "const crossEntropy = tf.nn.softmaxCrossEntropyWithLogits(logits, onehotLabels, { name: 'xentropy' });",
        gives: ['[crossEntropy.shape, await value(crossEntropy)]', '[cross_entropy.shape, value(cross_entropy)]'],
      },
      {
        python: 'loss = tf.reduce_mean(cross_entropy, name="xentropy_mean")',
        typescript: "const loss = tf.reduceMean(crossEntropy, { name: 'xentropy_mean' });",
        gives: ['[loss.op.name, await value(loss)]', '[loss.op.name, value(loss)]'],
      },
      {
        python: 'tf.scalar_summary(loss.op.name, loss)',
        typescript: 'tf.scalarSummary(loss.op.name, loss);',
        gives: ["tf.getCollection('summaries').length", 'len(tf.get_collection("summaries"))'],
      },
      {
        python: 'optimizer = tf.train.GradientDescentOptimizer(FLAGS.learning_rate)',
        typescript: 'const optimizer = new tf.train.GradientDescentOptimizer(FLAGS.learningRate);',
        gives: ['optimizer.name', 'optimizer.get_name()'],
      },
      {
        python: 'global_step = tf.Variable(0, name="global_step", trainable=False)',
        typescript:
          "const globalStep = new tf.Variable(0, { dtype: tf.int32, name: 'global_step', trainable: false });",
        gives: [
          '[globalStep.name, globalStep.dtype, tf.trainableVariables().length]',
          '[global_step.name, global_step.dtype.base_dtype, len(tf.trainable_variables())]',
        ],
      },
      {
        python: 'train_op = optimizer.minimize(loss, global_step=global_step)',
        typescript: 'const trainOp = optimizer.minimize(loss, { globalStep });',
        gives: ['[trainOp.name, trainOp.type]', '[train_op.name, train_op.type]'],
      },
      {
        python: `def evaluation(logits, labels):
  correct = tf.nn.in_top_k(logits, labels, 1)
  return tf.reduce_sum(tf.cast(correct, tf.int32))`,
        typescript: `function evaluation(logits: tf.Tensor<'float32'>, labels: tf.Tensor<'int32'>) {
  const correct = tf.nn.inTopK(logits, labels, 1);
  return tf.reduceSum(tf.cast(correct, tf.int32));
}`,
        gives: ['typeof evaluation', '"function" if callable(evaluation) else None'],
      },
      {
        python: 'eval_correct = evaluation(logits, labels_placeholder)',
        typescript: 'const evalCorrect = evaluation(logits, labelsPlaceholder);',
        gives: [
          '[evalCorrect.dtype, evalCorrect.shape, await value(evalCorrect)]',
          '[eval_correct.dtype, eval_correct.shape, value(eval_correct)]',
        ],
      },
      {
        python: 'summary_op = tf.merge_all_summaries()',
        typescript: 'const summaryOp = tf.mergeAllSummaries();',
        gives: ['[summaryOp.op.type, summaryOp.op.inputs.length]', '[summary_op.op.type, len(summary_op.op.inputs)]'],
      },
      {
        python: 'saver = tf.train.Saver()',
        typescript: 'const saver = new tf.train.Saver();',
        gives: ['saver.lastCheckpoints', 'saver.last_checkpoints'],
      },
      {
        python: 'sess = tf.Session()',
        typescript: 'const sess = new tf.Session();',
        gives: ['sess.graph === tf.getDefaultGraph()', 'sess.graph is tf.get_default_graph()'],
      },
      {
        python: 'init = tf.initialize_all_variables()\nsess.run(init)',
        typescript: 'const init = tf.initializeAllVariables();\nawait sess.run(init);',
        gives: ['[init.type, await sess.run(globalStep)]', '[init.type, sess.run(global_step)]'],
      },
      {
        python: `with tf.Session() as another:
  another.run(init)
  step = another.run(global_step)`,
        typescript: `{
  await using another = new tf.Session();
  await another.run(init);
  step = await another.run(globalStep);
}`,
        gives: ['step', 'step'],
        before: { typescript: 'let step: number;' },
      },
      {
        before: { python: 'data_set = data_sets.train', typescript: 'const dataSet = dataSets.train;' },
        python: 'images_feed, labels_feed = data_set.next_batch(FLAGS.batch_size, FLAGS.fake_data)',
        typescript: 'const [imagesFeed, labelsFeed] = dataSet.nextBatch(FLAGS.batchSize, FLAGS.fakeData);',
        gives: [
          '[imagesFeed.shape, imagesFeed.data[0], labelsFeed]',
          '[list(np.shape(images_feed)), images_feed[0][0], labels_feed]',
        ],
      },
      {
        python: 'feed_dict = {images_placeholder: images_feed, labels_placeholder: labels_feed}',
        typescript: 'const feedDict: tf.Feeds = [[imagesPlaceholder, imagesFeed], [labelsPlaceholder, labelsFeed]];',
        gives: ['[...feedDict].length', 'len(feed_dict)'],
      },
      {
        python: '_, loss_value = sess.run([train_op, loss], feed_dict=feed_dict)',
        typescript: 'let [none, lossValue] = await sess.run([trainOp, loss], feedDict);',
        gives: ['[none, lossValue]', '[_, loss_value]'],
      },
      {
        python: `for step in range(FLAGS.max_steps):
  feed_dict = fill_feed_dict(data_sets.train, images_placeholder, labels_placeholder)
  _, loss_value = sess.run([train_op, loss], feed_dict=feed_dict)`,
        typescript: `for (step = 0; step < FLAGS.maxSteps; step++) {
  const feeds = mnist.fillFeedDict(dataSets.train, imagesPlaceholder, labelsPlaceholder, { fakeData: FLAGS.fakeData });
  [none, lossValue] = await sess.run([trainOp, loss], feeds);
}`,
        gives: ['[lossValue, await sess.run(globalStep)]', '[loss_value, sess.run(global_step)]'],
      },
      {
        before: { python: 'step, duration = 100, 0.25', typescript: 'step = 100;\nconst duration = 0.25;' },
        python: `if step % 100 == 0:
  print("Step %d: loss = %.2f (%.3f sec)" % (step, loss_value, duration))`,
        typescript: `if (step % 100 === 0) {
  console.log(\`Step \${step}: loss = \${lossValue.toFixed(2)} (\${duration.toFixed(3)} sec)\`);
}`,
        gives: ['printed.at(-1)', 'printed[-1]'],
      },
      {
        python: 'summary_writer = tf.train.SummaryWriter(FLAGS.train_dir, graph_def=sess.graph_def)',
        typescript: 'const summaryWriter = new tf.train.SummaryWriter(FLAGS.trainDir, { graphDef: sess.graphDef });',
        gives: ['summaryWriter.getLogdir() === FLAGS.trainDir', 'summary_writer.get_logdir() == FLAGS.train_dir'],
      },
      {
        python: `summary_str = sess.run(summary_op, feed_dict=feed_dict)
summary_writer.add_summary(summary_str, step)`,
        typescript:
          'const summaryStr = await sess.run(summaryOp, feedDict);\nsummaryWriter.addSummary(summaryStr, step);',
        gives: ['await scalarsIn(summaryWriter)', 'scalars_in(summary_writer)'],
      },
      {
        python: 'saver.save(sess, FLAGS.train_dir, global_step=step)',
        typescript: 'await saver.save(sess, FLAGS.trainDir, { globalStep: step });',
        gives: [
          "saver.lastCheckpoints.map((file) => file.split('/').at(-1))",
          '[os.path.basename(file) for file in saver.last_checkpoints]',
        ],
      },
      {
        before: {
          python: 'saver.save(sess, FLAGS.train_dir)\nsess.run(global_step.assign(7))',
          typescript: 'await saver.save(sess, FLAGS.trainDir);\nawait sess.run(globalStep.assign(7));',
        },
        python: 'saver.restore(sess, FLAGS.train_dir)',
        typescript: 'await saver.restore(sess, FLAGS.trainDir);',
        gives: ['await sess.run(globalStep)', 'sess.run(global_step)'],
      },
      {
        before: { python: 'data_set = data_sets.test', typescript: 'const testSet = dataSets.test;' },
        python: `true_count = 0
steps_per_epoch = data_set.num_examples // FLAGS.batch_size
num_examples = steps_per_epoch * FLAGS.batch_size`,
        typescript: `let trueCount = 0;
const stepsPerEpoch = Math.floor(testSet.numExamples / FLAGS.batchSize);
const numExamples = stepsPerEpoch * FLAGS.batchSize;`,
        gives: ['[stepsPerEpoch, numExamples]', '[steps_per_epoch, num_examples]'],
      },
      {
        python: `for step in range(steps_per_epoch):
  feed_dict = fill_feed_dict(data_set, images_placeholder, labels_placeholder)
  true_count += sess.run(eval_correct, feed_dict=feed_dict)`,
        typescript: `for (step = 0; step < stepsPerEpoch; step++) {
  const feeds = mnist.fillFeedDict(testSet, imagesPlaceholder, labelsPlaceholder, { fakeData: FLAGS.fakeData });
  trueCount += await sess.run(evalCorrect, feeds);
}`,
        gives: ['trueCount', 'true_count'],
      },
      {
        python: 'precision = float(true_count) / float(num_examples)',
        typescript: 'const precision = trueCount / numExamples;',
        gives: ['precision', 'precision'],
      },
      {
        python: `print("  Num examples: %d  Num correct: %d  Precision @ 1: %0.02f" %
      (num_examples, true_count, precision))`,
        typescript: 'console.log(mnist.describeEvaluation({ numExamples, numCorrect: trueCount, precision }));',
        gives: ['printed.at(-1)', 'printed[-1]'],
      },
      {
        python: `print("Test Data Eval:")
do_eval(sess, eval_correct, images_placeholder, labels_placeholder, data_sets.test)`,
        typescript: `console.log('Test Data Eval:');
await mnist.doEval(sess, evalCorrect, imagesPlaceholder, labelsPlaceholder, dataSets.test);`,
        gives: ['printed.slice(-2)', 'printed[-2:]'],
      },
    ],
  },
  {
    title: 'TensorBoard: Visualizing Learning',
    lines: [
      {
        python: `x = tf.placeholder(tf.float32, [None, 784], name="x-input")
y_ = tf.placeholder(tf.float32, [None, 10], name="y-input")`,
        typescript: `const x = tf.placeholder(tf.float32, [null, 784], { name: 'x-input' });
const y_ = tf.placeholder(tf.float32, [null, 10], { name: 'y-input' });`,
        gives: ['[x.name, x.shape, y_.name, y_.shape]', '[x.name, x.shape, y_.name, y_.shape]'],
      },
      {
        python: 'image_shaped_input = tf.reshape(x, [-1, 28, 28, 1])',
        typescript: 'const imageShapedInput = tf.reshape(x, [-1, 28, 28, 1]);',
        gives: [
          '[imageShapedInput.name, imageShapedInput.shape]',
          '[image_shaped_input.name, image_shaped_input.shape]',
        ],
      },
      {
        python: 'tf.image_summary("input", image_shaped_input, 10)',
        typescript: "tf.imageSummary('input', imageShapedInput, 10);",
        gives: ["tf.getCollection('summaries').length", 'len(tf.get_collection("summaries"))'],
      },
      {
        before: {
          python: 'patch_size, num_channels, depth = 5, 1, 8',
          typescript: 'const [patchSize, numChannels, depth] = [5, 1, 8];',
        },
        python: 'W = tf.Variable(tf.truncated_normal([patch_size, patch_size, num_channels, depth], stddev=0.1))',
        typescript:
          'const W = new tf.Variable(tf.truncatedNormal([patchSize, patchSize, numChannels, depth], { stddev: 0.1 }));',
        gives: ['[W.name, W.shape]', '[W.name, W.shape]'],
      },
      {
        before: {
          python: 'var, name = tf.Variable([1.0, 2.0, 6.0]), "layer1/weights"',
          typescript: "const [variable, name] = [new tf.Variable([1, 2, 6]), 'layer1/weights'];",
        },
        python: 'mean = tf.reduce_mean(var)\ntf.scalar_summary("mean/" + name, mean)',
        typescript: "const mean = tf.reduceMean(variable);\ntf.scalarSummary('mean/' + name, mean);",
        gives: ['await value(mean)', 'value(mean)'],
      },
      {
        python: `with tf.name_scope("stddev"):
  stddev = tf.sqrt(tf.reduce_sum(tf.square(var - mean)))
tf.scalar_summary("stddev/" + name, stddev)`,
        typescript: `const stddev = tf.nameScope('stddev', () => tf.sqrt(tf.reduceSum(tf.square(tf.sub(variable, mean)))));
tf.scalarSummary('stddev/' + name, stddev);`,
        gives: ['[stddev.name, await value(stddev)]', '[stddev.name, value(stddev)]'],
      },
      {
        python: `tf.scalar_summary("max/" + name, tf.reduce_max(var))
tf.scalar_summary("min/" + name, tf.reduce_min(var))`,
        typescript: `tf.scalarSummary('max/' + name, tf.reduceMax(variable));
tf.scalarSummary('min/' + name, tf.reduceMin(variable));`,
        gives: ["tf.getCollection('summaries').length", 'len(tf.get_collection("summaries"))'],
      },
      {
        python: 'tf.histogram_summary(name, var)',
        typescript: 'tf.histogramSummary(name, variable);',
        gives: ["tf.getCollection('summaries').length", 'len(tf.get_collection("summaries"))'],
      },
      {
        before: {
          python: `layer_name, act = "layer1", tf.nn.relu
weights, biases = tf.Variable(tf.fill([784, 10], 0.001)), tf.Variable(tf.zeros([10]))`,
          typescript: `const [layerName, act] = ['layer1', tf.nn.relu];
const [weights, biases] = [new tf.Variable(tf.fill([784, 10], 0.001)), new tf.Variable(tf.zeros([10]))];`,
        },
        python: `preactivate = tf.matmul(x, weights) + biases
tf.histogram_summary(layer_name + "/pre_activations", preactivate)`,
        typescript: `const preactivate = tf.add(tf.matmul(x, weights), biases);
tf.histogramSummary(layerName + '/pre_activations', preactivate);`,
        gives: ['preactivate.shape', 'preactivate.shape'],
      },
      {
        python: `activations = act(preactivate, "activation")
tf.histogram_summary(layer_name + "/activations", activations)`,
        typescript: `const activations = act(preactivate, { name: 'activation' });
tf.histogramSummary(layerName + '/activations', activations);`,
        gives: ['[activations.name, activations.op.type]', '[activations.name, activations.op.type]'],
      },
      {
        python: 'tf.nn.relu6(preactivate)',
        typescript: 'tf.nn.relu6(preactivate);',
        gives: ['await value(tf.nn.relu6([-1, 3, 9]))', 'value(tf.nn.relu6([-1.0, 3.0, 9.0]))'],
      },
      {
        python: `keep_prob = tf.placeholder(tf.float32)
tf.scalar_summary("dropout_keep_probability", keep_prob)
dropped = tf.nn.dropout(activations, keep_prob)`,
        typescript: `const keepProb = tf.placeholder(tf.float32);
tf.scalarSummary('dropout_keep_probability', keepProb);
const dropped = tf.nn.dropout(activations, keepProb);`,
        gives: ['[keepProb.shape, dropped.shape]', '[None if keep_prob.shape.rank is None else [], dropped.shape]'],
      },
      {
        python: 'y = tf.nn.softmax(dropped)',
        typescript: 'const y = tf.nn.softmax(dropped);',
        gives: ['[y.name, y.shape]', '[y.name, y.shape]'],
      },
      {
        python: `diff = y_ * tf.log(y)
cross_entropy = -tf.reduce_mean(diff)
tf.scalar_summary("cross entropy", cross_entropy)`,
        typescript: `const diff = tf.mul(y_, tf.log(y));
const crossEntropy = tf.neg(tf.reduceMean(diff));
tf.scalarSummary('cross entropy', crossEntropy);`,
        gives: ['[diff.shape, crossEntropy.shape]', '[diff.shape, cross_entropy.shape]'],
      },
      {
        python: 'train_step = tf.train.AdamOptimizer(FLAGS.learning_rate).minimize(cross_entropy)',
        typescript: 'const trainStep = new tf.train.AdamOptimizer(FLAGS.learningRate).minimize(crossEntropy);',
        gives: ['[trainStep.name, trainStep.type]', '[train_step.name, train_step.type]'],
      },
      {
        python: `correct_prediction = tf.equal(tf.argmax(y, 1), tf.argmax(y_, 1))
accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
tf.scalar_summary("accuracy", accuracy)`,
        typescript: `const correctPrediction = tf.equal(tf.argMax(y, 1), tf.argMax(y_, 1));
const accuracy = tf.reduceMean(tf.cast(correctPrediction, tf.float32));
tf.scalarSummary('accuracy', accuracy);`,
        gives: [
          "[correctPrediction.dtype, accuracy.shape, tf.getCollection('summaries').length]",
          '[correct_prediction.dtype, accuracy.shape, len(tf.get_collection("summaries"))]',
        ],
      },
      {
        before: { python: 'waves = tf.zeros([1, 100, 1])', typescript: 'const waves = tf.zeros([1, 100, 1]);' },
        python: 'tf.audio_summary("tone", waves, 8000)',
        typescript: "tf.audioSummary('tone', waves, 8000);",
        gives: ["tf.getCollection('summaries').length", 'len(tf.get_collection("summaries"))'],
      },
      {
        python: 'merged = tf.merge_all_summaries()',
        typescript: 'const merged = tf.mergeAllSummaries();',
        gives: ['[merged.op.type, merged.op.inputs.length]', '[merged.op.type, len(merged.op.inputs)]'],
      },
      {
        before: { python: 'session = tf.Session()', typescript: 'const session = new tf.Session();' },
        python: `train_writer = tf.train.SummaryWriter(FLAGS.summaries_dir + "/train", session.graph)
valid_writer = tf.train.SummaryWriter(FLAGS.summaries_dir + "/valid")`,
        typescript: `const trainWriter = new tf.train.SummaryWriter(FLAGS.summariesDir + '/train', session.graph);
const validWriter = new tf.train.SummaryWriter(FLAGS.summariesDir + '/valid');`,
        gives: [
          "[trainWriter, validWriter].map((writer) => writer.getLogdir().split('/').at(-1))",
          '[os.path.basename(writer.get_logdir()) for writer in (train_writer, valid_writer)]',
        ],
      },
      {
        python: 'session.run(tf.initialize_all_variables())',
        typescript: 'await session.run(tf.initializeAllVariables());',
        gives: ['await session.run(variable)', 'session.run(var)'],
      },
      {
        python: `def feed_dict(train):
  xs, ys = np.ones([2, 784]), np.eye(10)[:2]
  return {x: xs, y_: ys, keep_prob: 0.9 if train else 1.0}`,
        typescript: `function feedDict(train: boolean): tf.Feeds {
  const [xs, ys] = [tf.hostArray(Array(2).fill(Array(784).fill(1))), tf.hostArray([0, 1].map((i) => oneHot(i)))];
  return [[x, xs], [y_, ys], [keepProb, train ? 0.9 : 1]];
}`,
        gives: ['await session.run(preactivate, feedDict(false))', 'session.run(preactivate, feed_dict(False))'],
      },
      {
        before: { python: 'i = 0', typescript: 'const i = 0;' },
        python: `summary, acc = session.run([merged, accuracy], feed_dict=feed_dict(False))
valid_writer.add_summary(summary, i)`,
        typescript: `const [summary, acc] = await session.run([merged, accuracy], feedDict(false));
validWriter.addSummary(summary, i);`,
        gives: ['[acc, await scalarsIn(validWriter)]', '[acc, scalars_in(valid_writer)]'],
      },
      {
        python: `run_options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
run_metadata = tf.RunMetadata()`,
        typescript: `const runOptions = tf.RunOptions({ traceLevel: tf.RunOptions.FULL_TRACE });
const runMetadata = new tf.RunMetadata();`,
        gives: ['runOptions', '{"traceLevel": tf.RunOptions.TraceLevel.Name(run_options.trace_level)}'],
      },
      {
        python: `summary, _, loss = session.run(
    [merged, train_step, cross_entropy],
    feed_dict=feed_dict(True), options=run_options, run_metadata=run_metadata)`,
        typescript: `const [trained, , loss] = await session.run([merged, trainStep, crossEntropy], feedDict(true), {
  options: runOptions,
  runMetadata,
});`,
        gives: [
          '[loss > 0, (runMetadata.stepStats?.devStats.length ?? 0) > 0]',
          '[bool(loss > 0), len(run_metadata.step_stats.dev_stats) > 0]', // dropout is random
        ],
      },
      {
        python: `train_writer.add_run_metadata(run_metadata, "step%03d" % i)
train_writer.add_summary(summary, i)`,
        typescript: `trainWriter.addRunMetadata(runMetadata, \`step\${String(i).padStart(3, '0')}\`);
trainWriter.addSummary(trained, i);`,
        gives: [
          '[await tracesIn(trainWriter), Object.keys(await scalarsIn(trainWriter)).sort()]',
          '[traces_in(train_writer), sorted(scalars_in(train_writer))]',
        ],
      },
      {
        python: 'train_writer.close()\nvalid_writer.close()',
        typescript: 'await trainWriter.close();\nawait validWriter.close();',
      },
    ],
  },
  {
    title: 'How to structure a TensorFlow project',
    lines: [
      {
        python: 'flags = tf.app.flags\nflags.DEFINE_float("lr", 1e-3, "the learning rate")',
        typescript: "const keys = { lr: models.key(models.positive, 'the learning rate', 1e-3) };",
        gives: ['configured(keys, {}).lr', 'flag("lr")'],
      },
      {
        python: 'flags.DEFINE_integer("max_iter", 2000, "how many steps to take")',
        typescript:
          "const more = { ...keys, maxIter: models.key(models.wholeNumber(0), 'how many steps to take', 2000) };",
        gives: ['configured(more, {}).maxIter', 'flag("max_iter")'],
      },
      {
        python: 'flags.DEFINE_boolean("debug", False, "whether to say more")',
        typescript: "const all = { ...more, debug: models.key(models.flag, 'whether to say more', false) };",
        gives: ['configured(all, { debug: true }).debug', 'flag("debug", "--debug")'],
      },
      {
        python: `with self.graph.as_default():
  tf.set_random_seed(self.random_seed)`,
        typescript: `graph.asDefault(() => {
  tf.setRandomSeed(randomSeed);
});`,
        before: {
          python: 'self.graph, self.random_seed = tf.Graph(), 7',
          typescript: 'const [graph, randomSeed] = [new tf.Graph(), 7];',
        },
        gives: ['graph.seed', 'self.graph.seed'],
      },
      {
        before: {
          python: `with self.graph.as_default():
  self.lr = tf.Variable(0.01, name="lr")
  self.episode_id = tf.Variable(3, name="episode_id")`,
          typescript: `const { lr, episodeId } = graph.asDefault(() => ({
  lr: new tf.Variable(0.01, { name: 'lr' }),
  episodeId: new tf.Variable(3, { dtype: tf.int32, name: 'episode_id' }),
}));`,
        },
        python: `with self.graph.as_default():
  global_step = tf.train.create_global_step()
  self.init_op = tf.global_variables_initializer()
  self.saver = tf.train.Saver(max_to_keep=50)`,
        typescript: `const { globalStep, initOp, saver } = graph.asDefault(() => ({
  globalStep: tf.train.createGlobalStep(),
  initOp: tf.globalVariablesInitializer(),
  saver: new tf.train.Saver({ maxToKeep: 50 }),
}));`,
        gives: [
          '[globalStep.name, globalStep.dtype, initOp.name, saver.lastCheckpoints]',
          '[global_step.name, global_step.dtype.base_dtype, self.init_op.name, self.saver.last_checkpoints]',
        ],
      },
      {
        python: `gpu_options = tf.GPUOptions(allow_growth=True)
sess_config = tf.ConfigProto(log_device_placement=False, gpu_options=gpu_options)`,
        typescript: `const gpuOptions = tf.GPUOptions({ allowGrowth: true });
const sessConfig = tf.ConfigProto({ logDevicePlacement: false, gpuOptions });`,
        gives: [
          'sessConfig',
          '{"logDevicePlacement": sess_config.log_device_placement, "gpuOptions": {"allowGrowth": sess_config.gpu_options.allow_growth}}',
        ],
      },
      {
        python: 'self.sess = tf.Session(config=sess_config, graph=self.graph)',
        typescript: 'const sess = new tf.Session({ config: sessConfig, graph });',
        gives: ['sess.graph === graph', 'self.sess.graph is self.graph'],
      },
      {
        before: { python: 'self.result_dir = FLAGS.result_dir', typescript: 'const { resultDir } = FLAGS;' },
        python: 'self.sw = tf.summary.FileWriter(self.result_dir, self.sess.graph)',
        typescript: 'const sw = new tf.summary.FileWriter(resultDir, sess.graph);',
        gives: ['sw.getLogdir() === resultDir', 'self.sw.get_logdir() == self.result_dir'],
      },
      {
        python: `checkpoint = tf.train.get_checkpoint_state(self.result_dir)
if checkpoint is None:
  self.sess.run(self.init_op)`,
        typescript: `const none = tf.train.getCheckpointState(resultDir);
if (!none) await sess.run(initOp);`,
        gives: ['[none ?? null, await sess.run(lr)]', '[checkpoint, self.sess.run(self.lr)]'],
      },
      {
        python: `global_step_t = tf.train.get_global_step(self.graph)
global_step, episode_id = self.sess.run([global_step_t, self.episode_id])`,
        typescript: `const globalStepT = tf.train.getGlobalStep(graph)!;
const [step, episode] = await sess.run([globalStepT, episodeId]);`,
        gives: ['[globalStepT.name, Number(step), episode]', '[global_step_t.name, global_step, episode_id]'],
      },
      {
        python: 'self.saver.save(self.sess, self.result_dir + "/agent-ep_" + str(episode_id), global_step)',
        typescript: "await saver.save(sess, resultDir + '/agent-ep_' + String(episode), step);",
        gives: [
          "saver.lastCheckpoints.map((file) => file.split('/').at(-1))",
          '[os.path.basename(file) for file in self.saver.last_checkpoints]',
        ],
      },
      {
        before: {
          python: 'with self.graph.as_default():\n  self.sess.run(self.lr.assign(0.5))',
          typescript: 'await sess.run(graph.asDefault(() => lr.assign(0.5)));',
        },
        python: `checkpoint = tf.train.get_checkpoint_state(self.result_dir)
self.saver.restore(self.sess, checkpoint.model_checkpoint_path)`,
        typescript: `const checkpoint = tf.train.getCheckpointState(resultDir);
await saver.restore(sess, checkpoint!.modelCheckpointPath);`,
        gives: [
          "[checkpoint!.modelCheckpointPath.split('/').at(-1), await sess.run(lr)]",
          '[os.path.basename(checkpoint.model_checkpoint_path), self.sess.run(self.lr)]',
        ],
      },
      {
        python: `class Linear(BasicAgent):
  def build_graph(self, graph):
    with graph.as_default():
      self.images = tf.placeholder(tf.float32, [None, 784])
      logits = tf.matmul(self.images, tf.Variable(tf.zeros([784, 10])))
      self.probabilities = tf.nn.softmax(logits)
      self.init_op = tf.global_variables_initializer()
    return graph

  def infer(self, images):
    return self.sess.run(self.probabilities, {self.images: images})`,
        typescript: `class Linear extends models.DigitClassifier {
  static readonly modelName: string = 'linear';
  static readonly keys = {};
  static readonly searchSpace = {};

  protected override buildNetwork(): models.ClassifierNetwork {
    const [images, labels] = mnist.placeholderInputs(null);
    const logits = tf.matmul(images, new tf.Variable(tf.zeros([784, 10])));
    const loss = mnist.loss(logits, labels);
    return { inputs: { images, labels }, labels, logits, loss, trainOp: mnist.training(loss, 0.5) };
  }
}`,
      },
      {
        python: 'agent = Linear({"result_dir": self.result_dir})\nanswers = agent.infer(np.ones([1, 784]))',
        typescript: `const agent = new Linear({ resultDir: resultDir + '/linear' });
const answers = await agent.infer([Array(784).fill(1)]);`,
        gives: ['answers.map(({ probabilities }) => probabilities)', 'answers'],
      },
      {
        python: 'random_config = {"lr": 10 ** np.random.uniform(-4, 0)}',
        typescript: `const { logUniform, sample } = hyperparameters.space;
const randomConfig = sample({ lr: logUniform(1e-4, 1) }, randomSeed);`,
        gives: ['randomConfig.lr >= 1e-4 && randomConfig.lr <= 1', 'bool(1e-4 <= random_config["lr"] <= 1)'],
      },
      {
        before: { python: 'config, env = {"model_name": "fully_connected", "lr": 0.2}, None' },
        python: 'model = make_model(config, env)',
        typescript: "const model = models.makeModel({ modelName: 'fully_connected', lr: 0.2, fakeData: true });",
        gives: ['(model.config as { lr: number }).lr', 'model.config["lr"]'],
      },
      {
        python: 'model_class = get_model_class({"model_name": "convnet"})',
        typescript: "const modelClass = models.getModelClass({ modelName: 'convnet' });",
        gives: ['modelClass.modelName', 'model_class.model_name'],
      },
      {
        python: `try:
  get_model_class({"model_name": "unknown"})
except Exception as error:
  print(type(error).__name__)`,
        typescript: `try {
  models.getModelClass({ modelName: 'unknown' });
} catch (error) {
  console.log((error as Error).name);
}`,
        gives: ['printed.length', 'len(printed)'],
      },
    ],
  },
];
