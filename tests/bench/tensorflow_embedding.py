"""The table of embedding.cjs with Python's TensorFlow 1 session: python tensorflow_embedding.py ROWS sparse|dense STEPS"""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow.compat.v1 as tf
from data_set import rate

tf.disable_v2_behavior()

BATCH = 1024


def main(rows, mode, steps):
    table = tf.Variable(tf.ones([rows, 64]), name="table", use_resource=False)
    ids = tf.placeholder(tf.int32, [BATCH])
    loss = tf.reduce_mean(tf.square(tf.reduce_sum(tf.nn.embedding_lookup(table, ids), axis=1)))
    optimizer = tf.train.MomentumOptimizer(0.01, 0.9)
    ((gradient, _),) = optimizer.compute_gradients(loss)
    gradient = tf.convert_to_tensor(gradient) if mode == "dense" else gradient
    train_op = optimizer.apply_gradients([(gradient, table)])
    random = np.random.RandomState(1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        def step():
            session.run([train_op, loss], {ids: random.randint(rows, size=BATCH, dtype=np.int32)})

        print(json.dumps({"stepsPerSecond": rate(step, steps), "version": tf.__version__}))


main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
