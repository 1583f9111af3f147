"""Trains one network with Python's TensorFlow 1 session: python tensorflow_session.py NET STEPS"""
import json
import math
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow.compat.v1 as tf
from data_set import fastest

tf.disable_v2_behavior()


def variable(shape, stddev, name):
    return tf.Variable(tf.truncated_normal(shape, stddev=stddev), name=name, use_resource=False)


def bias(size, value):
    return tf.Variable(tf.constant(value, shape=[size]), name="biases", use_resource=False)


def fully_connected(x):
    for scope, n_in, n_out, relu in (("hidden1", 784, 128, True), ("hidden2", 128, 32, True), ("softmax_linear", 32, 10, False)):
        with tf.name_scope(scope):
            x = tf.matmul(x, variable([n_in, n_out], 1.0 / math.sqrt(n_in), "weights")) + bias(n_out, 0.0)
            x = tf.nn.relu(x) if relu else x
    return x


def convolutional(x):
    x = tf.reshape(x, [-1, 28, 28, 1])
    for n_in, n_out in ((1, 32), (32, 64)):
        x = tf.nn.conv2d(x, variable([5, 5, n_in, n_out], 0.1, "weights"), [1, 1, 1, 1], "SAME")
        x = tf.nn.max_pool(tf.nn.relu(tf.nn.bias_add(x, bias(n_out, 0.1))), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    x = tf.reshape(x, [-1, 3136])
    x = tf.nn.relu(tf.nn.bias_add(tf.matmul(x, variable([3136, 1024], 0.1, "weights")), bias(1024, 0.1)))
    return tf.nn.bias_add(tf.matmul(x, variable([1024, 10], 0.1, "weights")), bias(10, 0.1))


def main(name, steps):
    net, batch, optimizer = {
        "fully_connected": (fully_connected, 100, lambda: tf.train.GradientDescentOptimizer(0.01)),
        "convolutional": (convolutional, 50, lambda: tf.train.AdamOptimizer(1e-4)),
    }[name]
    images = tf.placeholder(tf.float32, [batch, 784])
    labels = tf.placeholder(tf.int32, [batch])
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=net(images), labels=labels))
    global_step = tf.Variable(0, trainable=False, use_resource=False)
    train_op = optimizer().minimize(loss, global_step=global_step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        def step_with(data):
            def step():
                x, y = data.next_batch(batch)
                session.run([train_op, loss], {images: x, labels: y})

            return step

        print(json.dumps({**fastest(step_with, steps), "version": tf.__version__}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
