"""Makes the TFRecord files beside this file, with Python's TensorFlow 1: python make.py

python.tfrecord        examples with features of every kind, the second and third without some of them
python.tfrecord.gz     the same, GZIP
python.tfrecord.zlib   the same, ZLIB
"""
import os

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import tensorflow.compat.v1 as tf

here = os.path.dirname(os.path.abspath(__file__))


def floats(*values):
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def integers(*values):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def texts(*values):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


examples = [
    {
        'size': floats(5.1, 3.5),
        'id': integers(2**62 + 1),
        'counts': integers(1, -2, 3, 2**31 - 1),
        'species': texts('sétosa'.encode()),
        'picture': texts(bytes([0, 127, 255, 1])),
        'empty': floats(),
    },
    {'size': floats(-1e-3, 6.5e30), 'id': integers(-(2**63)), 'counts': integers(0, 0, 0, 0), 'species': texts(b''),
     'picture': texts(bytes([9, 8, 7, 6])), 'weight': floats(0.5)},
    {'size': floats(0, 1), 'id': integers(7), 'counts': integers(4, 3, 2, 1), 'species': texts(b'\xff\x00'),
     'picture': texts(bytes(4)), 'weight': tf.train.Feature()},
]
for suffix, compression in ('', ''), ('.gz', 'GZIP'), ('.zlib', 'ZLIB'):
    options = tf.io.TFRecordOptions(compression)
    with tf.io.TFRecordWriter(os.path.join(here, 'python.tfrecord' + suffix), options) as writer:
        for feature in examples:
            writer.write(tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString())
