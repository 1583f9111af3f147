"""What a program waits for until the network has done its first step, from TensorFlow's import on, with Python's TensorFlow 1 session."""
import json
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
start = time.perf_counter()
import tensorflow.compat.v1 as tf
from tensorflow_session import fully_connected

images = tf.placeholder(tf.float32, [100, 784])
labels = tf.placeholder(tf.int32, [100])
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=fully_connected(images), labels=labels))
train_op = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run([train_op, loss], {images: [[0.0] * 784] * 100, labels: [0] * 100})
    seconds = time.perf_counter() - start
print(json.dumps({"startsPerSecond": 1 / seconds, "milliseconds": round(seconds * 1000), "version": tf.__version__}))
