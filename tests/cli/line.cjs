/** A model that has nothing to do with digits: a line through points. Loaded before the command line, and before its workers. */
const { hyperparameters, models, tf } = require('../../lib/dist');

class Line extends models.BasicAgent {
  static modelName = 'line';
  static keys = {
    maxIter: models.key(models.wholeNumber(0), 'steps to take', 20),
    lr: models.key(models.positive, 'the learning rate', 0.1),
  };
  static searchSpace = { lr: hyperparameters.space.choice([0.001, 0.3]) };
  static metrics = { meanError: 'min' };

  buildGraph() {
    const [x, y] = [tf.placeholder('float32', [null]), tf.placeholder('float32', [null])];
    const line = tf.add(tf.multiply(x, new tf.Variable(0)), new tf.Variable(0));
    const difference = tf.subtract(line, y);
    const loss = tf.reduceMean(tf.square(difference));
    const globalStep = tf.train.getOrCreateGlobalStep();
    const trainOp = new tf.train.GradientDescentOptimizer(this.config.lr).minimize(loss, { globalStep });
    return { x, y, measures: [loss, tf.reduceMean(tf.abs(difference))], trainOp };
  }

  async prepare() {
    return [-1, 0, 1];
  }

  describeData(points) {
    return { points: points.length };
  }

  async learnFromEpoch(points, { end }) {
    const { measures, trainOp } = this.parts;
    let loss = Number.NaN;
    for (; this.step < end; this.step++) [, loss] = this.session.runSync([trainOp, measures[0]], this.feeds(points));
    return loss;
  }

  feeds(points) {
    return new Map([
      [this.parts.x, points],
      [this.parts.y, points.map((x) => 2 * x + 1)],
    ]);
  }

  async evaluate(sets = ['train', 'validation', 'test']) {
    await this.initialized();
    const [loss, meanError] = this.session.runSync(this.parts.measures, this.feeds([5]));
    return Object.fromEntries(sets.map((name) => [name, { numExamples: 1, loss, meanError }]));
  }
}

models.registerModel(Line);
