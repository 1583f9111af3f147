/** A model of somebody's own, which knows nothing of clusters: it finds the number 3. */
const { setImmediate } = require('node:timers/promises');
const { models, tf } = require('../../lib/dist');

exports.Three = class Three extends models.BasicAgent {
  static modelName = 'three';
  static keys = {
    maxIter: models.key(models.wholeNumber(0), 'steps to take', 400),
    lr: models.key(models.positive, 'the learning rate', 0.002),
    awaits: models.key(models.flag, 'await each step', false),
    fails: models.key(models.flag, 'fail', false),
  };
  static searchSpace = {};
  static metrics = { distance: 'min' };

  buildGraph() {
    const three = new tf.Variable(0, { name: 'three' });
    const loss = tf.square(tf.subtract(three, 3));
    const globalStep = tf.train.getOrCreateGlobalStep();
    const trainOp = new tf.train.GradientDescentOptimizer(this.config.lr).minimize(loss, { globalStep });
    return { three, loss, trainOp };
  }

  async prepare() {
    if (this.config.fails && this.workerNumber === 1) throw new tf.errors.InvalidArgumentError('there is no three');
    return 3;
  }

  describeData(number) {
    return { number };
  }

  async learnFromEpoch(_, { end, signal, onStep, log }) {
    const { trainOp, loss } = this.parts;
    let value = Number.NaN;
    for (; this.step < end && !signal?.aborted; this.step++) {
      const run = this.config.awaits ? 'run' : 'runSync';
      [, value] = await this.session[run]([trainOp, loss]);
      this.writer('').scalar('loss', value, this.step);
      onStep?.(this.step, value);
      await setImmediate();
    }
    log(`Step ${this.step}: loss = ${value}`);
    return value;
  }

  async evaluate(sets = ['train', 'validation', 'test']) {
    await this.initialized();
    const [three, loss] = await this.session.run([this.parts.three, this.parts.loss]);
    return Object.fromEntries(sets.map((name) => [name, { numExamples: 1, loss, distance: Math.abs(3 - three) }]));
  }
};
