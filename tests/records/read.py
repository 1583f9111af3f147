"""What Python's TensorFlow 1 reads from a TFRecord file of the test beside this file, as JSON: python read.py <file> <compression>"""
import json
import os
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
path, compression = sys.argv[1:]
records = list(tf.io.tf_record_iterator(path, tf.io.TFRecordOptions(compression)))
parsed = tf.io.parse_example(
    records,
    {
        'size': tf.io.FixedLenFeature([2], tf.float32),
        'id': tf.io.FixedLenFeature([], tf.int64),
        'isBig': tf.io.FixedLenFeature([], tf.int64),
        'species': tf.io.FixedLenFeature([], tf.string),
        'pixels': tf.io.FixedLenFeature([], tf.string),
    },
)
parsed['pixels'] = tf.io.decode_raw(parsed['pixels'], tf.uint8)
with tf.Session() as session:
    values = session.run(parsed)
values['species'] = [text.decode() for text in values['species']]
print(json.dumps({name: value if isinstance(value, list) else value.tolist() for name, value in values.items()}))
