"""Prints as JSON what TensorBoard's own reader finds in a run's folder: `read_events.py FOLDER`.

Needs the package `tensorboard` and nothing else.
"""

import base64
import json
import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

folder = sys.argv[1]

# 0: keep every event, where TensorBoard would show a sample.
accumulator = EventAccumulator(folder, size_guidance={"scalars": 0, "histograms": 0}).Reload()
tags = accumulator.Tags()


def base64_of(data):
    return base64.b64encode(data).decode()


def raw_graphs():
    for name in sorted(os.listdir(folder)):
        for event in EventFileLoader(os.path.join(folder, name)).Load():
            if event.HasField("graph_def"):
                yield base64_of(event.graph_def)


def histogram(event):
    value = event.histogram_value
    return [event.step, value.min, value.max, value.num, value.sum, list(value.bucket_limit), list(value.bucket)]


json.dump(
    {
        "scalars": {
            tag: [[event.step, event.value, event.wall_time] for event in accumulator.Scalars(tag)]
            for tag in tags["scalars"]
        },
        "histograms": {tag: [histogram(event) for event in accumulator.Histograms(tag)] for tag in tags["histograms"]},
        "graphs": list(raw_graphs()),
        "nodes": [[node.name, node.op] for node in accumulator.Graph().node] if tags["graph"] else [],
        "metaGraph": base64_of(accumulator.MetaGraph().SerializeToString()) if tags["meta_graph"] else None,
        "runMetadata": {
            tag: base64_of(accumulator.RunMetadata(tag).SerializeToString(deterministic=True))
            for tag in tags["run_metadata"]
        },
        "writer": accumulator.GetSourceWriter(),
    },
    sys.stdout,
)
