"""Makes partitioned.json beside this script: checkpoints of partitioned variables as Python's TensorFlow 1 writes them.

  python extract_partitioned.py    with tensorflow 2.15.1

`whole` is from a saver with one file, `sharded` from one with a file for each of two devices. What the variables hold counts up: words, of shape
[10, 4] in three parts, from 0; wide, of shape [2, 7] in two parts of its columns, from 100; step is 7. The files are in base64.
"""
import base64
import json
import os
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
HERE = os.path.dirname(os.path.abspath(__file__))


def counting(shape, start):
    return tf.constant(np.arange(start, start + np.prod(shape), dtype=np.float32).reshape(shape))


def save(sharded):
    with tf.Graph().as_default(), tf.variable_scope("net", use_resource=False):
        with tf.device(tf.train.replica_device_setter(ps_tasks=2, ps_device="/job:localhost", worker_device="/cpu:0", ps_strategy=lambda op: 0)):
            with tf.device(lambda op: "/cpu:1" if op.name.endswith("1") else "/cpu:0"):
                tf.get_variable("words", initializer=counting([10, 4], 0), partitioner=tf.fixed_size_partitioner(3))
                tf.get_variable("wide", initializer=counting([2, 7], 100), partitioner=tf.fixed_size_partitioner(2, axis=1))
                tf.get_variable("step", initializer=np.int64(7))
            saver = tf.train.Saver(sharded=sharded)
            init = tf.global_variables_initializer()
        with tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})) as session, tempfile.TemporaryDirectory() as folder:
            session.run(init)
            saver.save(session, os.path.join(folder, "model"), write_meta_graph=False, write_state=False)
            files = {}
            for name in sorted(os.listdir(folder)):
                with open(os.path.join(folder, name), "rb") as f:
                    files[name] = base64.b64encode(f.read()).decode()
            return files


with open(os.path.join(HERE, "partitioned.json"), "w") as f:
    json.dump({"whole": save(False), "sharded": save(True)}, f, indent=2)
    f.write("\n")
