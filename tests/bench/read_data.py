"""Reads the files of mnistFiles.cjs, made by then, into arrays of floats as TensorFlow's tutorials did, with NumPy; times a second."""
import gzip
import json
import os
import time

import numpy as np

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", ".cache", "bench-mnist")
ROUNDS = 4


def elements(name, header):
    with gzip.open(os.path.join(FOLDER, name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def read():
    sets = []
    for name in ("train", "t10k"):
        images = elements(f"{name}-images-idx3-ubyte.gz", 16).reshape(-1, 784)
        sets.append((np.multiply(images.astype(np.float32), 1.0 / 255.0), elements(f"{name}-labels-idx1-ubyte.gz", 8)))
    return sets


read()
start = time.perf_counter()
for _ in range(ROUNDS):
    read()
seconds = (time.perf_counter() - start) / ROUNDS
print(json.dumps({"readsPerSecond": round(1 / seconds, 3), "seconds": round(seconds, 3)}))
