"""Makes `python.json` beside this script: what Python's TensorFlow gives for the articles' lines in scripts/articles.mjs.

  python extract.py            with tensorflow 2.15.1, whose tf.compat.v1 is TensorFlow 1; needs node, too. `npm run format` then lays it out
  python extract.py --print    prints it instead

The lines are run as they stand. What TensorFlow 0.x alone had goes by what replaced it, and of the two modules that no TensorFlow has any more, and
of the articles' own functions, there are stand-ins that do what the lines need.
"""
import json
import math
import os
import subprocess
import sys
import tempfile
import types

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow.compat.v1 as tf

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")

tf.disable_v2_behavior()
tf.logging.set_verbosity(tf.logging.ERROR)


def concat(axis, values, name="concat"):
    return tf.stack_concat(values, axis, name=name)


def summary(make):
    """A summary whose tag is what one gives: TensorFlow 1 makes an operation's name of it."""

    def made(*arguments):
        tf.add_to_collection("summaries", make(*arguments))

    return made


# What TensorFlow 0.x called otherwise, or took in another order.
tf.stack_concat, tf.cross_entropy_by_name = tf.concat, tf.nn.softmax_cross_entropy_with_logits
tf.concat = concat
tf.pack, tf.unpack = tf.stack, tf.unstack
tf.scalar_summary = summary(lambda tag, values: tf.raw_ops.ScalarSummary(tags=tag, values=values))
tf.histogram_summary = summary(lambda tag, values: tf.raw_ops.HistogramSummary(tag=tag, values=values))
tf.image_summary = summary(lambda tag, x, most: tf.raw_ops.ImageSummary(tag=tag, tensor=x, max_images=most))
tf.audio_summary = summary(lambda tag, x, rate: tf.raw_ops.AudioSummaryV2(tag=tag, tensor=x, sample_rate=float(rate)))
tf.merge_all_summaries = tf.summary.merge_all
tf.train.SummaryWriter = tf.summary.FileWriter
tf.nn.softmax_cross_entropy_with_logits = lambda logits, labels, name=None: tf.cross_entropy_by_name(
    labels=labels, logits=logits, name=name
)


class FakeDataSet:
    """What input_data made with fake_data: images of ones, labels of zeros."""

    num_examples = 10000

    def next_batch(self, batch_size, fake_data=False):
        return [[1.0] * 784 for _ in range(batch_size)], [0] * batch_size


def read_data_sets(train_dir, fake_data=False):
    return types.SimpleNamespace(train=FakeDataSet(), validation=FakeDataSet(), test=FakeDataSet())


def get_data(train=True):
    return np.ones([10000, 784], np.float32), np.zeros([10000], np.int32)


def serialized(value):
    """A value as JSON has it."""
    if isinstance(value, (tf.TensorShape, np.ndarray)):
        value = value.as_list() if isinstance(value, tf.TensorShape) else value.tolist()
    if isinstance(value, tf.DType):
        return value.name
    if isinstance(value, np.generic):
        return serialized(value.item())
    if isinstance(value, dict):
        return {key: serialized(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [serialized(item) for item in value]
    return value


def value(tensor):
    """A tensor's value in a session of its own, with zeros for what is fed."""
    with tf.Session() as session:
        session.run(tf.variables_initializer(tf.global_variables()))
        placeholders = [op.outputs[0] for op in tf.get_default_graph().get_operations() if op.type == "Placeholder"]
        known = [x for x in placeholders if x.shape.is_fully_defined()]
        return session.run(tensor, {x: np.zeros(x.shape.as_list(), x.dtype.as_numpy_dtype) for x in known})


def events_in(writer):
    writer.flush()
    for file in sorted(os.listdir(writer.get_logdir())):
        if "tfevents" in file:
            yield from tf.train.summary_iterator(os.path.join(writer.get_logdir(), file))


def scalars_in(writer):
    """The scalars that a writer has written: by their tags, pairs of step and value."""
    found = {}
    for event in events_in(writer):
        for item in event.summary.value:
            if item.HasField("simple_value"):
                found.setdefault(item.tag, []).append([event.step, item.simple_value])
    return found


def traces_in(writer):
    return [event.tagged_run_metadata.tag for event in events_in(writer) if event.HasField("tagged_run_metadata")]


def flag(name, *words):
    """A flag's value, of a command line with these words."""
    flags = tf.app.flags.FLAGS
    flags.unparse_flags()
    flags(["program", *words])
    return getattr(flags, name)


class BasicAgent:
    def __init__(self, config):
        self.config = config
        self.graph = self.build_graph(tf.Graph())
        self.sess = tf.Session(graph=self.graph)
        self.sess.run(self.init_op)


class Model:
    def __init__(self, config, env):
        self.config = config


def get_model_class(config):
    known = {name: type(name, (Model,), {"model_name": name}) for name in ("fully_connected", "convnet")}
    if config["model_name"] not in known:
        raise KeyError(config["model_name"])
    return known[config["model_name"]]


def context(folder):
    """What the lines of an article may name."""
    printed = []
    flags = types.SimpleNamespace(
        train_dir=os.path.join(folder, "train"),
        summaries_dir=os.path.join(folder, "summaries"),
        result_dir=os.path.join(folder, "results"),
        fake_data=True,
        learning_rate=0.01,
        batch_size=100,
        max_steps=3,
    )
    for directory in (flags.train_dir, flags.summaries_dir, flags.result_dir):
        os.makedirs(directory)
    names = dict(tf=tf, np=np, math=math, os=os, FLAGS=flags, printed=printed, value=value, scalars_in=scalars_in)
    names.update(traces_in=traces_in, flag=flag, get_data=get_data, get_model_class=get_model_class)
    names["print"] = lambda *words: printed.append(" ".join(map(str, words)))
    names["input_data"] = types.SimpleNamespace(read_data_sets=read_data_sets)
    names["mnist"] = types.SimpleNamespace(IMAGE_PIXELS=784, NUM_CLASSES=10)
    names.update(IMAGE_PIXELS=784, NUM_CLASSES=10, batch_size=100, hidden1_units=128, hidden2_units=32)
    names["self"] = types.SimpleNamespace()
    names["BasicAgent"] = BasicAgent
    names["make_model"] = lambda config, env: get_model_class(config)(config, env)

    def fill_feed_dict(data_set, images, labels):
        return dict(zip((images, labels), data_set.next_batch(100, True)))

    def do_eval(session, eval_correct, images, labels, data_set):
        steps = data_set.num_examples // 100
        right = sum(session.run(eval_correct, fill_feed_dict(data_set, images, labels)) for _ in range(steps))
        words = (steps * 100, right, right / (steps * 100))
        names["print"]("  Num examples: %d  Num correct: %d  Precision @ 1: %0.02f" % words)

    names.update(fill_feed_dict=fill_feed_dict, do_eval=do_eval)
    return names


def results(article):
    """Of each line, what is looked at after it."""
    found = []
    with tempfile.TemporaryDirectory() as folder, tf.Graph().as_default():
        names = context(folder)
        for line in article["lines"]:
            before = line.get("before", {}).get("python", "")
            exec(before + "\n" + line["python"], names)
            result = serialized(eval(line["gives"][1], names)) if "gives" in line else None
            found.append({"python": line["python"], "gives": result})
    return {"title": article["title"], "lines": found}


def written(articles):
    """As JSON, a line each."""
    texts = []
    for article in articles:
        lines = ",\n".join("  " + json.dumps(line, ensure_ascii=False) for line in article["lines"])
        texts.append('{ "title": %s, "lines": [\n%s\n] }' % (json.dumps(article["title"]), lines))
    return "[%s]" % ", ".join(texts)


def main():
    program = "import('./scripts/articles.mjs').then(({ articles }) => console.log(JSON.stringify(articles)))"
    articles = json.loads(subprocess.run(["node", "-e", program], cwd=ROOT, capture_output=True, check=True).stdout)
    made = written([results(article) for article in articles])
    if "--print" in sys.argv:
        print(made)
    else:
        with open(os.path.join(HERE, "python.json"), "w") as file:
            file.write(made + "\n")


main()
