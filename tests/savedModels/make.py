"""Makes saved models as Python's TensorFlow 1 and 2 write them.

  python make.py FOLDER   with tensorflow 2.15.1: a folder for each model, and `expected.json` with what they give
"""
import json
import os
import shutil
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf2

tf = tf2.compat.v1
OUT = sys.argv[1]
expected = {}


def folder(name):
    path = os.path.join(OUT, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


def plain(value):
    value = np.asarray(value)
    return [v.decode() for v in value.ravel()] if value.dtype == object else value.tolist()


def remember(name, tags, signature, feeds, path=None):
    """What Python's TensorFlow 1 loader and session give."""
    with tf.Graph().as_default(), tf.Session() as session:
        meta = tf.saved_model.loader.load(session, tags, path or os.path.join(OUT, name))
        definition = meta.signature_def[signature]
        fetches = {key: info.name for key, info in definition.outputs.items()}
        feed = {definition.inputs[key].name: value for key, value in feeds.items()}
        values = session.run(fetches, feed)
    expected.setdefault(name, []).append(
        {
            "tags": tags,
            "signature": signature,
            "feeds": feeds,
            "values": {key: plain(value) for key, value in values.items()},
        }
    )


def simple(name, use_resource):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        w = tf.get_variable("w", initializer=[[0.1], [0.2], [0.3]], use_resource=use_resource)
        y = tf.matmul(x, w, name="y")
        session.run(tf.global_variables_initializer())
        tf.saved_model.simple_save(session, folder(name), {"x": x}, {"y": y})
    remember(name, ["serve"], "serving_default", {"x": [[1.0, 2.0, 3.0], [0.5, 0.25, 0.125]]})


def two_tags_and_a_vocabulary():
    name = "two_tags_and_a_vocabulary"
    vocabulary = os.path.join(OUT, "words.txt")
    with open(vocabulary, "w") as f:
        f.write("zero\none\ntwo\n")
    with tf.Graph().as_default(), tf.Session() as session:
        words = tf.placeholder(tf.string, [None], name="words")
        path = tf.constant(vocabulary, name="vocabulary")
        tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, path)
        table = tf.lookup.StaticHashTable(
            tf.lookup.TextFileInitializer(path, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER), -1
        )
        ids = table.lookup(words)
        scale = tf.get_variable("scale", initializer=2.0)
        scaled = tf.cast(ids, tf.float32) * scale
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        builder = tf.saved_model.builder.SavedModelBuilder(folder(name))
        signature = tf.saved_model.signature_def_utils.predict_signature_def({"words": words}, {"ids": ids, "scaled": scaled})
        common = {
            "signature_def_map": {"lookup": signature},
            "assets_collection": tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
            "main_op": tf.tables_initializer(),
        }
        builder.add_meta_graph_and_variables(session, ["serve"], **common)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [], name="x")
        scale = tf.get_variable("scale", initializer=2.0)
        signature = tf.saved_model.signature_def_utils.predict_signature_def({"x": x}, {"y": x * scale})
        builder.add_meta_graph(["train", "small"], signature_def_map={"double": signature})
    builder.save()
    os.remove(vocabulary)
    remember(name, ["serve"], "lookup", {"words": ["two", "none", "zero"]})
    remember(name, ["train", "small"], "double", {"x": 1.5})


def keras():
    name = "keras"
    inputs = tf2.keras.Input([4], name="features")
    hidden = tf2.keras.layers.Dense(5, activation="relu", kernel_initializer="ones")(inputs)
    hidden = tf2.keras.layers.BatchNormalization()(hidden)
    outputs = tf2.keras.layers.Dense(2, activation="softmax", name="probabilities", kernel_initializer=tf2.constant_initializer(np.arange(10) / 10))(hidden)
    tf2.keras.Model(inputs, outputs).save(folder(name))
    remember(name, ["serve"], "serving_default", {"features": [[0.1, 0.2, 0.3, 0.4]]})


class Module(tf2.Module):
    def __init__(self):
        super().__init__()
        self.w = tf2.Variable([1.0, 2.0])
        self.table = tf2.lookup.StaticHashTable(
            tf2.lookup.KeyValueTensorInitializer(tf2.constant(["a", "b"]), tf2.constant([10, 20], tf2.int64)), -1
        )

    @tf2.function(input_signature=[tf2.TensorSpec([2], tf2.float32, name="x")])
    def scaled(self, x):
        return {"y": x * self.w}

    @tf2.function(input_signature=[tf2.TensorSpec([None], tf2.string, name="keys")])
    def looked_up(self, keys):
        return {"values": self.table.lookup(keys)}

    @tf2.function(input_signature=[tf2.TensorSpec([], tf2.int32, name="n")])
    def loop(self, n):
        total = tf2.zeros([2])
        for i in tf2.range(n):
            total += self.w * tf2.cast(i, tf2.float32)
        return {"total": total}


def module():
    name = "module"
    made = Module()
    signatures = {"scaled": made.scaled, "looked_up": made.looked_up, "loop": made.loop}
    tf2.saved_model.save(made, folder(name), signatures=signatures)
    remember(name, ["serve"], "scaled", {"x": [3.0, 4.0]})
    remember(name, ["serve"], "looked_up", {"keys": ["b", "c"]})
    remember(name, ["serve"], "loop", {"n": 4})


def embeddings():
    name = "embeddings"
    with tf.Graph().as_default(), tf.Session() as session:
        ids = tf.placeholder(tf.int64, [None], name="ids")
        table = tf.get_variable("table", [6, 2], partitioner=tf.fixed_size_partitioner(3), initializer=tf.constant_initializer(np.arange(4)))
        rows = tf.nn.embedding_lookup(table, ids, partition_strategy="div")
        session.run(tf.global_variables_initializer())
        tf.saved_model.simple_save(session, folder(name), {"ids": ids}, {"rows": rows})
    remember(name, ["serve"], "serving_default", {"ids": [0, 5, 3]})


def without_variables():
    name = "without_variables"
    with tf.Graph().as_default(), tf.Session() as session:
        text = tf.placeholder(tf.string, [None], name="text")
        tf.saved_model.simple_save(session, folder(name), {"text": text}, {"lengths": tf.strings.length(text), "upper": tf.strings.upper(text)})
    remember(name, ["serve"], "serving_default", {"text": ["one", "three"]})


os.makedirs(OUT, exist_ok=True)
with tf.Graph().as_default():
    pass
simple("simple_references", False)
simple("simple_resources", True)
two_tags_and_a_vocabulary()
embeddings()
without_variables()
keras()
module()
with open(os.path.join(OUT, "expected.json"), "w") as f:
    json.dump(expected, f)
print("made", len(expected))
