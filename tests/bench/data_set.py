"""Data sets of MNIST's size, and loops over them, for the Python peers."""
import time

import numpy as np


class Tutorial:
    """The next_batch of TensorFlow's MNIST tutorials: all examples are moved once an epoch, batches are slices."""

    def __init__(self, images, labels):
        self._images, self._labels, self._index = images, labels, len(images)

    def next_batch(self, size):
        if self._index + size > len(self._images):
            order = np.random.permutation(len(self._images))
            self._images, self._labels, self._index = self._images[order], self._labels[order], 0
        start, self._index = self._index, self._index + size
        return self._images[start : self._index], self._labels[start : self._index]


class Rows:
    """Examples stay where they are, and a batch is taken by the numbers of its rows."""

    def __init__(self, images, labels):
        self._images, self._labels, self._index = images, labels, len(images)

    def next_batch(self, size):
        if self._index + size > len(self._images):
            self._order, self._index = np.random.permutation(len(self._images)), 0
        start, self._index = self._index, self._index + size
        rows = self._order[start : self._index]
        return self._images[rows], self._labels[rows]


class InOrder:
    """Slices, in the same order in every epoch: less than the others do, and what loops over data in order do."""

    def __init__(self, images, labels):
        self._images, self._labels, self._index = images, labels, 0

    def next_batch(self, size):
        if self._index + size > len(self._images):
            self._index = 0
        start, self._index = self._index, self._index + size
        return self._images[start : self._index], self._labels[start : self._index]


def examples(count=55_000):
    rng = np.random.RandomState(1)
    images = rng.randint(0, 256, (count, 784)).astype(np.float32) / np.float32(255)
    return images, (np.arange(count) % 10).astype(np.int32)


def rate(step, steps):
    """Steps per second, after a warm-up."""
    for _ in range(-(-steps // 4)):
        step()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return round(steps / (time.perf_counter() - start), 1)


def fastest(step_with, steps):
    """The steps per second of the fastest loop; `step_with(data)` gives the function that does a step with batches of `data`."""
    images, labels = examples()
    rates = {kind.__name__: rate(step_with(kind(images, labels)), steps) for kind in (Tutorial, Rows, InOrder)}
    loop = max(rates, key=rates.get)
    return {"stepsPerSecond": rates[loop], "loop": loop, "loops": rates}
