"""A data set of MNIST's size with the next_batch of TensorFlow's MNIST tutorials, for the Python peers."""
import time

import numpy as np


class DataSet:
    def __init__(self, examples=55_000):
        rng = np.random.RandomState(1)
        self._images = rng.randint(0, 256, (examples, 784)).astype(np.float32) / np.float32(255)
        self._labels = (np.arange(examples) % 10).astype(np.int32)
        self._index = examples

    def next_batch(self, size):
        if self._index + size > len(self._images):
            order = np.random.permutation(len(self._images))
            self._images, self._labels, self._index = self._images[order], self._labels[order], 0
        start, self._index = self._index, self._index + size
        return self._images[start : self._index], self._labels[start : self._index]


def measure(step, steps):
    """The median steps per second of three runs, after a warm-up."""

    def run(count):
        start = time.perf_counter()
        for _ in range(count):
            step()
        return count / (time.perf_counter() - start)

    run(-(-steps // 10))
    return round(sorted(run(steps) for _ in range(3))[1], 1)
