"""Makes saved models as Python's TensorFlow 1 and 2 write them.

  python make.py FOLDER   with tensorflow 2.15.1: a folder for each model, `expected.json` with what they give, and `shown.json` with what
                          `saved_model_cli show --all` prints of them
"""
import contextlib
import io
import json
import os
import shutil
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# The kernels of the library, which has oneDNN's on every processor: Python has them only where there are instructions for neural networks.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
import numpy as np
import tensorflow as tf2
from tensorflow.python.tools import saved_model_cli

tf = tf2.compat.v1
OUT = sys.argv[1]
expected = {}


def folder(name):
    path = os.path.join(OUT, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


def plain(value):
    if isinstance(value, tf.SparseTensorValue):
        return {"indices": plain(value.indices), "values": plain(value.values), "denseShape": plain(value.dense_shape)}
    if isinstance(value, tf.ragged.RaggedTensorValue):
        return texts(value.to_list())
    return texts(np.asarray(value).tolist())


def texts(value):
    """Nested lists whose bytes are texts."""
    return [texts(item) for item in value] if isinstance(value, list) else value.decode() if isinstance(value, bytes) else value


def fed(tensor, value):
    """What Python's session takes in the place of an input."""
    if isinstance(tensor, tf.SparseTensor):
        return tf.SparseTensorValue(value["indices"], value["values"], value["denseShape"])
    if isinstance(tensor, tf.RaggedTensor):
        return tf.ragged.constant_value(value, dtype=tensor.dtype.as_numpy_dtype, ragged_rank=tensor.ragged_rank)
    return value


def remember(name, tags, signature, feeds, path=None):
    """What Python's TensorFlow 1 loader and session give."""
    with tf.Graph().as_default(), tf.Session() as session:
        meta = tf.saved_model.loader.load(session, tags, path or os.path.join(OUT, name))
        definition = meta.signature_def[signature]
        tensor = tf.saved_model.utils.get_tensor_from_tensor_info
        fetches = {key: tensor(info, session.graph) for key, info in definition.outputs.items()}
        inputs = {key: tensor(definition.inputs[key], session.graph) for key in feeds}
        values = session.run(fetches, {inputs[key]: fed(inputs[key], value) for key, value in feeds.items()})
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


def loop_and_branch():
    """A loop and a branch as TensorFlow 1 has them, whose variables are references; a text."""
    name = "loop_and_branch"
    with tf.Graph().as_default(), tf.Session() as session:
        n = tf.placeholder(tf.int32, [], name="n")
        step = tf.get_variable("step", initializer=0.1, use_resource=False)
        _, total = tf.while_loop(lambda i, total: i < n, lambda i, total: (i + 1, total + step * tf.cast(i, tf.float32)), [0, 0.0])
        chosen = tf.cond(n > 3, lambda: total * 2.0, lambda: -total)
        session.run(tf.global_variables_initializer())
        builder = tf.saved_model.builder.SavedModelBuilder(folder(name))
        signature = tf.saved_model.signature_def_utils.predict_signature_def({"n": n}, {"total": total, "chosen": chosen})
        builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature}, strip_default_attrs=True)
        builder.save(as_text=True)
    remember(name, ["serve"], "serving_default", {"n": 3})
    remember(name, ["serve"], "serving_default", {"n": 30})


def examples():
    """Two signatures for servers, which take serialized examples."""
    name = "examples"
    with tf.Graph().as_default(), tf.Session() as session:
        serialized = tf.placeholder(tf.string, [None], name="serialized")
        features = {"x": tf.FixedLenFeature([2], tf.float32), "tags": tf.VarLenFeature(tf.string)}
        parsed = tf.parse_example(serialized, features)
        w = tf.get_variable("w", initializer=[[0.5, -1.0, 0.1], [0.25, 2.0, 0.3]])
        scores = tf.nn.softmax(tf.matmul(parsed["x"], w))
        classes = tf.sparse.to_dense(parsed["tags"], default_value="none")
        session.run(tf.global_variables_initializer())
        builder = tf.saved_model.builder.SavedModelBuilder(folder(name))
        utils = tf.saved_model.signature_def_utils
        info = tf.saved_model.utils.build_tensor_info
        builder.add_meta_graph_and_variables(session, ["serve"], {
            "classify": utils.classification_signature_def(serialized, classes, scores),
            "regress": utils.regression_signature_def(serialized, scores[:, 0]),
            "tags": utils.build_signature_def({"examples": info(serialized)}, {"tags": info(parsed["tags"])}, "tensorflow/serving/predict"),
        })
        builder.save()
    feature = {"x": tf.train.Feature(float_list=tf.train.FloatList(value=[0.5, 2])), "tags": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"a", b"b"]))}
    # Numbers are chosen whose bytes are those of a text.
    example = tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString().decode("utf8")
    for signature, key in [("classify", "inputs"), ("regress", "inputs"), ("tags", "examples")]:
        remember(name, ["serve"], signature, {key: [example, example]})


def ragged_and_sparse():
    """Batches whose rows differ in length, and sparse ones, in and out."""
    name = "ragged_and_sparse"
    with tf.Graph().as_default(), tf.Session() as session:
        rows = tf.ragged.placeholder(tf.float32, ragged_rank=1, value_shape=[], name="rows")
        deep = tf.ragged.placeholder(tf.int32, ragged_rank=2, value_shape=[2], name="deep")
        sparse = tf.sparse.placeholder(tf.float32, [None, 4], name="sparse")
        w = tf.get_variable("w", initializer=[[0.1], [0.2], [0.3], [0.4]])
        session.run(tf.global_variables_initializer())
        builder = tf.saved_model.builder.SavedModelBuilder(folder(name))
        def signature(inputs, outputs):
            info = tf.saved_model.utils.build_tensor_info
            return tf.saved_model.signature_def_utils.build_signature_def(
                {key: info(value) for key, value in inputs.items()}, {key: info(value) for key, value in outputs.items()}, "tensorflow/serving/predict")
        builder.add_meta_graph_and_variables(session, ["serve"], {
            "ragged": signature({"rows": rows}, {"tripled": rows * 3.0, "sums": tf.reduce_sum(rows, axis=1)}),
            "deep": signature({"deep": deep}, {"same": deep + 1}),
            "sparse": signature({"sparse": sparse}, {"product": tf.sparse.sparse_dense_matmul(sparse, w), "negative": tf.sparse.SparseTensor(sparse.indices, -sparse.values, sparse.dense_shape)}),
        })
        builder.save()
    remember(name, ["serve"], "ragged", {"rows": [[1.0, 2.0], [], [3.5]]})
    remember(name, ["serve"], "deep", {"deep": [[[[1, 2], [3, 4]], []], [], [[[5, 6]]]]})
    remember(name, ["serve"], "sparse", {"sparse": {"indices": [[0, 1], [2, 3]], "values": [0.7, -2.0], "denseShape": [3, 4]}})


class Ragged(tf2.Module):
    @tf2.function(input_signature=[tf2.RaggedTensorSpec([None, None], tf2.string)])
    def lengths(self, words):
        return {"lengths": tf2.strings.length(words), "count": tf2.cast(words.row_lengths(), tf2.int32)}


def module_of_ragged():
    name = "module_of_ragged"
    made = Ragged()
    tf2.saved_model.save(made, folder(name), signatures={"lengths": made.lengths})
    with tf.Graph().as_default(), tf.Session() as session:
        inputs = tf.saved_model.loader.load(session, ["serve"], os.path.join(OUT, name)).signature_def["lengths"].inputs
    plain_inputs = {"words": ["one", "three", "ü"], "words_1": [0, 2, 2, 3]}
    remember(name, ["serve"], "lengths", plain_inputs if "words_1" in inputs else {"words": [["one", "three"], [], ["ü"]]})


def keras_sequence():
    """An embedding, a recurrent layer (a loop of functions) and a convolution."""
    name = "keras_sequence"
    tf2.keras.utils.set_random_seed(1)
    ids = tf2.keras.Input([6], dtype="int32", name="ids")
    rows = tf2.keras.layers.Embedding(10, 4)(ids)
    rows = tf2.keras.layers.Conv1D(5, 3, activation="tanh")(rows)
    last = tf2.keras.layers.LSTM(3)(rows)
    tf2.keras.Model(ids, {"last": last, "dropped": tf2.keras.layers.Dropout(0.5)(last)}).save(folder(name))
    remember(name, ["serve"], "serving_default", {"ids": [[1, 2, 3, 4, 5, 6], [9, 8, 7, 0, 0, 0]]})


class Vocabulary(tf2.Module):
    """A vocabulary in a file, words that are none of it among buckets, and a table that changes."""

    def __init__(self, file):
        super().__init__()
        initializer = tf2.lookup.TextFileInitializer(
            file, tf2.string, tf2.lookup.TextFileIndex.WHOLE_LINE, tf2.int64, tf2.lookup.TextFileIndex.LINE_NUMBER)
        self.table = tf2.lookup.StaticVocabularyTable(initializer, num_oov_buckets=2)
        self.counts = tf2.lookup.experimental.MutableHashTable(tf2.string, tf2.int64, -1)
        self.counts.insert(["one"], [111])

    @tf2.function(input_signature=[tf2.TensorSpec([None], tf2.string, name="words")])
    def look_up(self, words):
        return {"ids": self.table.lookup(words), "counts": self.counts.lookup(words)}


def module_with_a_vocabulary():
    name = "module_with_a_vocabulary"
    file = os.path.join(OUT, "more words.txt")
    with open(file, "w") as f:
        f.write("zero\none\nüber\n")
    made = Vocabulary(file)
    tf2.saved_model.save(made, folder(name), signatures=made.look_up)
    os.remove(file)
    remember(name, ["serve"], "serving_default", {"words": ["über", "one", "none of them"]})


class Half(tf2.Module):
    def __init__(self):
        super().__init__()
        self.half = tf2.Variable([0.1, 0.2], dtype=tf2.float16)
        self.brain = tf2.Variable([0.1, 3.0], dtype=tf2.bfloat16)

    @tf2.function(input_signature=[tf2.TensorSpec([None, 2], tf2.float16, name="x"), tf2.TensorSpec([2], tf2.bfloat16, name="b")])
    def scaled(self, x, b):
        return {"half": x * self.half, "brain": b + self.brain, "single": tf2.cast(x, tf2.float32) * tf2.cast(self.brain, tf2.float32)}


def halves():
    """Variables, inputs and outputs of the dtypes of 16 bits."""
    name = "halves"
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float16, [None], name="x")
        half = tf.get_variable("half", dtype=tf.float16, initializer=tf.constant(0.1, tf.float16), use_resource=False)
        brain = tf.get_variable("brain", dtype=tf.bfloat16, initializer=tf.constant(0.3, tf.bfloat16), use_resource=True)
        y = x * half + tf.cast(brain, tf.float16)
        session.run(tf.global_variables_initializer())
        tf.saved_model.simple_save(session, folder(name), {"x": x}, {"y": y, "brain": tf.identity(brain), "single": tf.cast(y, tf.float32)})
    remember(name, ["serve"], "serving_default", {"x": [1.0, 0.333, 65504.0, -1e-7]})
    made = Half()
    tf2.saved_model.save(made, folder("module_of_halves"), signatures={"scaled": made.scaled})
    remember("module_of_halves", ["serve"], "scaled", {"x": [[1.0, 2.0], [0.1, -3.3]], "b": [1.0, 0.1]})


def large():
    """100 MB of weights."""
    name = "large"
    with tf.Graph().as_default(), tf.Session() as session:
        rows = tf.placeholder(tf.int32, [None], name="rows")
        w = tf.get_variable("w", initializer=tf.reshape(tf.range(5000 * 5000, dtype=tf.float32), [5000, 5000]) / 7.0, use_resource=True)
        session.run(tf.global_variables_initializer())
        tf.saved_model.simple_save(session, folder(name), {"rows": rows}, {"some": tf.gather(w, rows)[:, ::1000]})
    remember(name, ["serve"], "serving_default", {"rows": [0, 4999, 77]})


os.makedirs(OUT, exist_ok=True)
simple("simple_references", False)
simple("simple_resources", True)
two_tags_and_a_vocabulary()
embeddings()
without_variables()
loop_and_branch()
examples()
ragged_and_sparse()
large()
keras()
keras_sequence()
module()
module_with_a_vocabulary()
module_of_ragged()
halves()
with open(os.path.join(OUT, "expected.json"), "w") as f:
    json.dump(expected, f)


def shown(name):
    """What is printed of signatures and operations; of functions more follows, for which the model is loaded."""
    saved_model_cli._show_defined_functions = lambda *_: None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        saved_model_cli._show_all(os.path.join(OUT, name))
    return printed.getvalue()


with open(os.path.join(OUT, "shown.json"), "w") as f:
    json.dump({name: shown(name) for name in expected}, f)
print("made", len(expected))
