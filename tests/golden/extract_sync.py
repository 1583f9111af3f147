"""Makes sync.json beside this script: the graphs that Python's TensorFlow 1 makes for synchronous training, node by node.

  python extract_sync.py            with tensorflow 2.15.1

The gradients' own nodes are left out. Each node is its name, its type, its device, its inputs (those that it only waits for in order), its
colocation and the name that tasks share it by. syncReplicasOptimizer.test.ts builds the same graphs.
"""
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
HERE = os.path.dirname(os.path.abspath(__file__))


def variable(name, value, **options):
    return tf.Variable(value, name=name, use_resource=False, **options)


def dense():
    """One network of dense gradients, and a step that is counted."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    t = tf.placeholder(tf.float32, [None, 1], name="t")
    step = variable("global_step", 0, dtype=tf.int64, trainable=False)
    w = variable("w", [[0.1], [0.2], [0.3]])
    b = variable("b", [0.5])
    return tf.reduce_mean(tf.square(tf.subtract(tf.add(tf.matmul(x, w), b), t)), name="loss"), step


def sparse():
    """A table of which rows are looked up."""
    ids = tf.placeholder(tf.int32, [4], name="ids")
    step = variable("global_step", 0, dtype=tf.int32, trainable=False)
    table = variable("table", [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    return tf.reduce_sum(tf.gather(table, ids), name="loss"), step


def local():
    loss, step = dense()
    optimizer = tf.train.SyncReplicasOptimizer(tf.train.GradientDescentOptimizer(0.1), 2)
    optimizer.minimize(loss, global_step=step)
    optimizer.get_init_tokens_op()
    optimizer.get_init_tokens_op(0)


def cluster():
    with tf.device(tf.train.replica_device_setter(ps_tasks=2, worker_device="/job:worker/task:1")):
        loss, step = dense()
        with tf.name_scope("train"):
            optimizer = tf.train.SyncReplicasOptimizer(
                tf.train.MomentumOptimizer(0.1, 0.9), 2, total_num_replicas=3, use_locking=True, name="together")
            optimizer.minimize(loss, global_step=step)
        optimizer.get_init_tokens_op(5)


def rows():
    with tf.device(tf.train.replica_device_setter(ps_tasks=2)):
        loss, step = sparse()
        optimizer = tf.train.SyncReplicasOptimizer(tf.train.AdagradOptimizer(0.1), 4, total_num_replicas=2)
        optimizer.minimize(loss, global_step=step)
        optimizer.get_init_tokens_op()


def averages():
    loss, step = dense()
    average = tf.train.ExponentialMovingAverage(0.9, step)
    optimizer = tf.train.SyncReplicasOptimizer(
        tf.train.AdamOptimizer(0.1), 2, variable_averages=average, variables_to_average=tf.trainable_variables())
    optimizer.minimize(loss, global_step=step, name="unused")


def described(node):
    inputs = [name for name in node.input if not name.startswith("^")]
    control = sorted(name for name in node.input if name.startswith("^"))
    words = [node.name, node.op, node.device or "-", *inputs, *control]
    words += [text.decode() for text in node.attr["_class"].list.s] if "_class" in node.attr else []
    if "shared_name" in node.attr and ("Accumulator" in node.op or "Queue" in node.op):
        words.append("shared:" + node.attr["shared_name"].s.decode())
    return " ".join(words)


graphs = {}
for build in (local, cluster, rows, averages):
    with tf.Graph().as_default() as graph:
        build()
        graphs[build.__name__] = [described(node) for node in graph.as_graph_def().node if "gradients/" not in node.name]
with open(os.path.join(HERE, "sync.json"), "w") as f:
    json.dump(graphs, f, indent=2)
    f.write("\n")
