"""Counts what a network gets right of 10,000 images, in batches of 100, with Python's TensorFlow 1 session; the images per second."""
import json
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow.compat.v1 as tf
from data_set import examples
from tensorflow_session import fully_connected

tf.disable_v2_behavior()

IMAGES = 10_000
ROUNDS = 10


def main():
    all_images, all_labels = examples(IMAGES)
    images = tf.placeholder(tf.float32, [100, 784])
    labels = tf.placeholder(tf.int32, [100])
    correct = tf.nn.in_top_k(predictions=fully_connected(images), targets=labels, k=1)
    eval_correct = tf.reduce_sum(tf.cast(correct, tf.int32))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        def evaluate():
            return sum(
                session.run(eval_correct, {images: all_images[i : i + 100], labels: all_labels[i : i + 100]})
                for i in range(0, IMAGES, 100)
            )

        evaluate()
        evaluate()
        start = time.perf_counter()
        for _ in range(ROUNDS):
            evaluate()
        seconds = (time.perf_counter() - start) / ROUNDS
    print(json.dumps({"imagesPerSecond": round(IMAGES / seconds), "milliseconds": round(seconds * 1000, 1)}))


main()
