"""Makes the graphs and checkpoints beside this file, with Python's TensorFlow 1: python make.py

resource.meta.gz     a network of resource variables, partitioned ones among them, with its saver
resource.json        what Python computes with it: values at the beginning, and after steps of every optimizer
resource-v2.*        a checkpoint of it, with the parts of partitioned variables
resource-v1          the same in TensorFlow's first format
text.pb, text.pbtxt  a GraphDef with values of every kind, and its text
collections.meta.gz  a graph with a loop, a condition, a queue runner, a table, a function, summaries, unknown messages
"""
import gzip
import json
import os
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import numpy as np
import tensorflow.compat.v1 as tf
from google.protobuf import any_pb2, text_format
from tensorflow.core.protobuf import saver_pb2
from tensorflow.python.framework import function

tf.disable_v2_behavior()
here = os.path.dirname(os.path.abspath(__file__))
folder = sys.argv[1] if len(sys.argv) > 1 else here


def values(shape, first):
    count = int(np.prod(shape))
    return np.sin(first + np.arange(count)).astype(np.float32).reshape(shape)


def parts(whole):
    """An initializer whose parts are those of a whole."""
    def initializer(shape, dtype=None, partition_info=None):
        begin = partition_info.var_offset[0] if partition_info else 0
        return tf.constant(whole[begin:begin + shape[0]])
    return initializer


def build():
    ids = tf.placeholder(tf.int32, [None], name='ids')
    labels = tf.placeholder(tf.float32, [None, 3], name='labels')
    with tf.variable_scope('net', use_resource=True):
        table = tf.get_variable('table', initializer=values([5, 4], 0))
        weights = tf.get_variable('weights', initializer=values([4, 3], 1), aggregation=tf.VariableAggregation.MEAN)
        part = tf.get_variable('part', [4, 3], initializer=parts(values([4, 3], 2)),
                               partitioner=tf.fixed_size_partitioner(2), synchronization=tf.VariableSynchronization.ON_WRITE)
    with tf.variable_scope('net', use_resource=False):
        biases = tf.get_variable('biases', initializer=values([3], 3))
        refs = tf.get_variable('refs', [4, 3], initializer=parts(values([4, 3], 4)),
                               partitioner=tf.fixed_size_partitioner(2))
    with tf.variable_scope('', use_resource=True):
        step = tf.train.get_or_create_global_step()
    rows = tf.nn.embedding_lookup(table, ids)
    hidden = tf.matmul(rows, weights + part.as_tensor()) + biases
    logits = tf.add(hidden, tf.matmul(rows, refs.as_tensor()), name='logits')
    loss = tf.reduce_mean(tf.square(logits - labels), name='loss')
    tf.add_to_collection(tf.GraphKeys.LOSSES, loss)
    return loss, step


def feeds(step):
    return {'ids:0': [step % 5, 1, (3 * step) % 5], 'labels:0': values([3, 3], 7 + step)}


optimizers = {
    'GradientDescentOptimizer': lambda: tf.train.GradientDescentOptimizer(0.1),
    'MomentumOptimizer': lambda: tf.train.MomentumOptimizer(0.1, 0.9),
    'AdagradOptimizer': lambda: tf.train.AdagradOptimizer(0.1),
    'AdadeltaOptimizer': lambda: tf.train.AdadeltaOptimizer(0.1),
    'RMSPropOptimizer': lambda: tf.train.RMSPropOptimizer(0.1),
    'AdamOptimizer': lambda: tf.train.AdamOptimizer(0.1),
    'FtrlOptimizer': lambda: tf.train.FtrlOptimizer(0.1),
}


def run(session):
    return {v.op.name: session.run(v).ravel().tolist() for v in tf.global_variables()}


def compress(name):
    path = os.path.join(folder, name)
    with open(path, 'rb') as source, open(path + '.gz', 'wb') as target:
        with gzip.GzipFile(filename='', mode='wb', fileobj=target, mtime=0) as file:
            file.write(source.read())
    os.remove(path)


def resource():
    result = {}
    with tf.Graph().as_default(), tf.Session() as session:
        loss, step = build()
        saver = tf.train.Saver()
        session.run(tf.global_variables_initializer())
        result['loss'] = float(session.run(loss, feeds(0)))
        session.run(step.assign(3))
        result['variables'] = run(session)
        tf.train.export_meta_graph(os.path.join(folder, 'resource.meta'), saver_def=saver.as_saver_def())
        saver.save(session, os.path.join(folder, 'resource-v2'), write_meta_graph=False, write_state=False)
        first = tf.train.Saver(write_version=saver_pb2.SaverDef.V1)
        first.save(session, os.path.join(folder, 'resource-v1'), write_meta_graph=False, write_state=False)
    result['trained'] = {}
    for name, make in optimizers.items():
        with tf.Graph().as_default(), tf.Session() as session:
            loss, step = build()
            train = make().minimize(loss, global_step=step)
            session.run(tf.global_variables_initializer())
            losses = [session.run([loss, train], feeds(i))[0] for i in range(6)]
            result['trained'][name] = {'losses': [float(x) for x in losses], 'variables': run(session)}
    with open(os.path.join(folder, 'resource.json'), 'w') as file:
        json.dump(result, file, indent=None)
        file.write('\n')
    compress('resource.meta')


def text():
    graph = tf.GraphDef()
    node = graph.node.add(name='all \'kinds\'', op='Const', device='/device:CPU:0')
    node.input.extend(['a', '^b'])
    tensor = node.attr['value'].tensor
    tensor.dtype = 1
    tensor.float_val.extend([0.1, 1 / 3, 1e-5, 1e-4, 123456, 1e15, 1e16, 3.4028235e38, 1e-45, 0, -0.0, 1.5])
    tensor.float_val.extend([float('inf'), float('-inf'), float('nan'), 16777216, 0.2])
    tensor.double_val.extend([0.1, 1 / 3, 1e-320, 1.7976931348623157e308, float('nan'), 1e22])
    tensor.int64_val.extend([2 ** 63 - 1, -2 ** 63, 0])
    tensor.uint64_val.append(2 ** 64 - 1)
    tensor.bool_val.extend([True, False])
    tensor.tensor_content = bytes(range(256))
    tensor.string_val.extend(['héllo\n'.encode(), b'', b'\x001'])
    node.attr['b'].b = False
    node.attr['A'].list.SetInParent()
    node.attr['type'].type = 1
    node.attr['unknown type'].type = 77
    node.attr['é'].placeholder = 'T'
    node.attr['shape'].shape.dim.add(size=-1, name='é')
    node.attr['func'].func.name = 'f'
    node.attr['func'].func.attr['T'].type = 3
    node.experimental_type.type_id = 1000
    node.experimental_debug_info.original_node_names.append('x')
    graph.versions.producer = 1645
    graph.library.function.add().signature.attr.add(name='N', type='int', has_minimum=True, minimum=-2)
    with open(os.path.join(folder, 'text.pb'), 'wb') as file:
        file.write(graph.SerializeToString(deterministic=True))
    with open(os.path.join(folder, 'text.pbtxt'), 'w') as file:
        file.write(text_format.MessageToString(graph))


@function.Defun(tf.float32)
def twice(x):
    return x + x


def collections():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [], name='x')
        with tf.device('/device:CPU:0'):
            twice(x, name='twice')
        v = tf.Variable(1.0, name='v', use_resource=True)
        tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y * x), (0, x), name='loop')
        tf.cond(x > 0, lambda: x + v, lambda: x - 1, name='condition')
        queue = tf.FIFOQueue(3, [tf.float32], name='queue')
        tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(x)]))
        table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(['a', 'b'], [1, 2]), -1)
        table.lookup(tf.constant('a'))
        tf.summary.scalar('x', x)
        tf.losses.mean_squared_error([1.0], [2.0])
        for value in [b'\xff\x00', b'text']:
            tf.add_to_collection('unknown messages', value)
        any_message = tf.AttrValue(i=3)
        packed = any_pb2.Any()
        packed.Pack(any_message)
        tf.add_to_collection('any', packed)
        tf.train.export_meta_graph(os.path.join(folder, 'collections.meta'), saver_def=tf.train.Saver().as_saver_def())
    compress('collections.meta')


text()
resource()
collections()
for file in os.listdir(folder):
    if file == 'checkpoint':
        os.remove(os.path.join(folder, file))
