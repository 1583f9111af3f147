"""Prints as JSON what TensorFlow itself finds in the event files of a folder: `read_tensorflow.py FOLDER`.

A line of each event: its step, what it holds, and of a summary, the tags with what they hold. Needs the package `tensorflow`.
"""

import glob
import json
import sys

import tensorflow as tf


def described(event):
    what = event.WhichOneof("what")
    values = [[value.tag, value.WhichOneof("value")] for value in event.summary.value]
    if what == "graph_def":
        graph = tf.compat.v1.GraphDef.FromString(event.graph_def)
        with tf.Graph().as_default():
            tf.import_graph_def(graph)
        values = [[node.name, node.op] for node in graph.node]
    for value in event.summary.value:
        if value.HasField("image"):
            tf.io.decode_png(value.image.encoded_image_string)
        if value.HasField("audio"):
            tf.audio.decode_wav(value.audio.encoded_audio_string)
        if value.HasField("tensor"):
            tf.make_ndarray(value.tensor)
    return [event.step, what, values]


events = []
for path in sorted(glob.glob(sys.argv[1] + "/*tfevents*")):
    events += [described(event) for event in tf.compat.v1.train.summary_iterator(path)]
json.dump(events, sys.stdout)
