"""Prints, as JSON, what saved models give to Python's TensorFlow 1 loader, to TensorFlow 2's, and to `saved_model_cli run`.

  python read.py MODELS   with tensorflow 2.15.1; MODELS is a file of JSON, [{"folder": …, "feeds": {…}}], with the inputs of `serving_default`
"""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf2
from tensorflow.python.tools import saved_model_cli

tf = tf2.compat.v1


def cli(*words):
    """What the command prints, in a process that has imported TensorFlow already."""
    source, target = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(target, 1)
        os.close(source)
        sys.argv = ["saved_model_cli", *words]
        try:
            saved_model_cli.main()
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.close(target)
    with os.fdopen(source) as printed:
        text = printed.read()
    os.waitpid(pid, 0)
    return text


def run(folder, feeds):
    expressions = ";".join(f"{key}={json.dumps(value)}" for key, value in feeds.items())
    return cli("run", "--dir", folder, "--tag_set", "serve", "--signature_def", "serving_default", "--input_exprs", expressions)


def first(folder, feeds):
    with tf.Graph().as_default(), tf.Session() as session:
        signature = tf.saved_model.loader.load(session, ["serve"], folder).signature_def["serving_default"]
        fetches = {key: info.name for key, info in signature.outputs.items()}
        values = session.run(fetches, {signature.inputs[key].name: value for key, value in feeds.items()})
        return {key: plain(value) for key, value in values.items()}


def second(folder, feeds):
    function = tf2.saved_model.load(folder).signatures["serving_default"]
    specs = function.structured_input_signature[1]
    fed = {key: tf2.constant(value, specs[key].dtype) for key, value in feeds.items()}
    return {key: plain(value.numpy()) for key, value in function(**fed).items()}


def plain(value):
    value = np.asarray(value)
    return [text.decode() for text in value] if value.dtype == object else value.tolist()


with open(sys.argv[1]) as file:
    models = [(model["folder"], model["feeds"]) for model in json.load(file)]
# Before TensorFlow has threads, which a process that is forked lacks.
printed = [{"run": run(*model), "show": cli("show", "--dir", model[0], "--all")} for model in models]
print(json.dumps([{**texts, "first": first(*model), "second": second(*model)} for texts, model in zip(printed, models)]))
