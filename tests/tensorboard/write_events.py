"""Writes event files as other programs do: `write_events.py FOLDER`, with TensorBoard's own messages and writer.

Below FOLDER, `tensorflow2` has what TensorFlow 2's `tf.summary` writes, `tensorboardx` what tensorboardX and PyTorch's
SummaryWriter write. Needs the packages `tensorboard` and `numpy`.
"""

import json
import sys
from pathlib import Path

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary, SummaryMetadata
from tensorboard.plugins.audio import metadata as audio
from tensorboard.plugins.histogram import metadata as histogram
from tensorboard.plugins.hparams import summary_v2 as hparams
from tensorboard.plugins.image import metadata as image
from tensorboard.plugins.scalar import metadata as scalar
from tensorboard.plugins.text import metadata as text
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util.tensor_util import make_tensor_proto

folder = Path(sys.argv[1])


def write(name, *events):
    writer = EventFileWriter(str(folder / name))
    for step, summary in events:
        writer.add_event(Event(wall_time=1000 + step, step=step, summary=summary))
    writer.close()


def tensor(tag, value, metadata):
    return Summary.Value(tag=tag, tensor=make_tensor_proto(value), metadata=metadata)


def tensorflow2(first):
    """What is written at a step; a tag has its metadata at the first one only."""

    def about(made):
        return made if first else None

    return Summary(
        value=[
            tensor("loss", np.float32(0.5), about(scalar.create_summary_metadata("", ""))),
            tensor("double", np.float64(0.1), about(scalar.create_summary_metadata("", ""))),
            tensor("count", np.int64(2**40), about(scalar.create_summary_metadata("", ""))),
            tensor("h", np.array([[0, 1, 2], [1, 2.5, 3]]), about(histogram.create_summary_metadata("", ""))),
            tensor("i", [b"3", b"2", b"first", b"second"], about(image.create_summary_metadata("", ""))),
            tensor(
                "a",
                [[b"one", b"label"], [b"two", b"label"]],
                about(audio.create_summary_metadata("", "", encoding=audio.Encoding.Value("WAV"))),
            ),
            tensor("t", "hello", about(text.create_summary_metadata("", ""))),
            tensor("table", [["a", "b"], ["c", "d"]], about(text.create_summary_metadata("", ""))),
        ]
    )


write(
    "tensorflow2",
    (0, hparams.hparams_pb({"rate": 0.1, "units": 32, "optimizer": "adam", "dropout": True})),
    (0, tensorflow2(True)),
    (1, tensorflow2(False)),
)

histo = HistogramProto(min=-1, max=3, num=4, sum=2, sum_squares=11, bucket_limit=[-2, 0, 1, 4], bucket=[0, 1, 0, 3])
plugin = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
write(
    "tensorboardx",
    (7, Summary(value=[Summary.Value(tag="loss", simple_value=0.25)])),
    (7, Summary(value=[Summary.Value(tag="h", histo=histo)])),
    (
        7,
        Summary(
            value=[
                Summary.Value(
                    tag="i", image=Summary.Image(height=2, width=3, colorspace=3, encoded_image_string=b"picture")
                )
            ]
        ),
    ),
    (
        7,
        Summary(
            value=[
                Summary.Value(
                    tag="a",
                    audio=Summary.Audio(
                        sample_rate=8000,
                        num_channels=1,
                        length_frames=4,
                        encoded_audio_string=b"sound",
                        content_type="audio/wav",
                    ),
                )
            ]
        ),
    ),
    (7, Summary(value=[tensor("t/text_summary", ["hello"], plugin)])),
)
json.dump(sorted(path.name for path in folder.iterdir()), sys.stdout)
