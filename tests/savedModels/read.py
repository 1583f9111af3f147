"""Prints, as JSON, what a saved model gives to Python's TensorFlow 1 loader, to TensorFlow 2's, and to `saved_model_cli run`.

  python read.py FOLDER FEEDS   with tensorflow 2.15.1; FEEDS is a JSON object of the inputs of `serving_default`
"""
import json
import os
import subprocess
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf2

tf = tf2.compat.v1
folder, feeds = sys.argv[1], json.loads(sys.argv[2])

with tf.Graph().as_default(), tf.Session() as session:
    signature = tf.saved_model.loader.load(session, ["serve"], folder).signature_def["serving_default"]
    fetches = {key: info.name for key, info in signature.outputs.items()}
    values = session.run(fetches, {signature.inputs[key].name: value for key, value in feeds.items()})
    first = {key: value.tolist() for key, value in values.items()}

function = tf2.saved_model.load(folder).signatures["serving_default"]
second = {key: value.numpy().tolist() for key, value in function(**{key: tf2.constant(value) for key, value in feeds.items()}).items()}

def cli(*words):
    command = [os.path.join(os.path.dirname(sys.executable), "saved_model_cli"), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


expressions = ";".join(f"{key}={json.dumps(value)}" for key, value in feeds.items())
ran = cli("run", "--dir", folder, "--tag_set", "serve", "--signature_def", "serving_default", "--input_exprs", expressions)
shown = cli("show", "--dir", folder, "--all")
print(json.dumps({"first": first, "second": second, "cli": ran + shown}))
