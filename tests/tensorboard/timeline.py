"""Prints Python's own Chrome trace of a traced step: `timeline.py FILE`, a file of a RunMetadata.

Needs the package `tensorflow`.
"""

import sys

from tensorflow.core.protobuf import config_pb2
from tensorflow.python.client import timeline

metadata = config_pb2.RunMetadata()
with open(sys.argv[1], "rb") as file:
    metadata.ParseFromString(file.read())
print(timeline.Timeline(metadata.step_stats).generate_chrome_trace_format())
