import assert from 'node:assert/strict';
import { test } from 'node:test';
import { data, tf } from 'tf-mechanics';
import { loadData } from '../src/data';
import { inference, loss, training } from '../src/network';

test('the network learns to tell the species apart', async () => {
  const sets = await loadData('data', 1);
  const normalization = data.fitNormalization(sets.train, ['features']);
  const train = normalization.apply(sets.train);
  tf.setRandomSeed(1);
  const features = tf.placeholder('float32', [null, 4]);
  const label = tf.placeholder('int32', [null]);
  const logits = inference(features, 16);
  const cost = loss(logits, label);
  const trainOp = training(cost, 0.1);
  const precision = tf.reduceMean(tf.cast(tf.nn.inTopK(logits, label, 1), 'float32'));
  const init = tf.globalVariablesInitializer();

  const session = new tf.Session();
  await session.run(init);
  const feedsOf = (set: (typeof train)['columns']): tf.Feeds => [
    [features, set.features],
    [label, set.label],
  ];
  for (let step = 0; step < 300; step++) await session.run(trainOp, feedsOf(train.nextBatch(30)));
  const right = await session.run(precision, feedsOf(normalization.apply(sets.validation).columns));
  await session.close();
  assert.ok(right > 0.8, `it is right in ${right}`);
});
