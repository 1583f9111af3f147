"""Makes embeddings.json beside this script: what Python's TensorFlow 1 made of small networks over embeddings.

  python extract_embeddings.py            with tensorflow 2.15.1
  python extract_embeddings.py NODES.json also writes the nodes of each network's graph, to compare names by hand

Eight networks are trained by each optimizer for 60 steps, more of them by two. What is kept are the final values of all variables, slots included, in
the order of their names, as float32 in base64. Initial values, ids and targets are fractions that every language computes
alike; embeddings.ts beside this builds the same networks.
"""
import base64
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = 60
BATCH = 6


def fractions(shape, seed):
    count = int(np.prod(shape))
    return np.array([(i * 37 + seed * 11) % 101 / 101 - 0.5 for i in range(count)], np.float32).reshape(shape)


def ids_of(step, which):
    """Six of seven ids, some of them twice; tables have nine rows, of which two are never looked up."""
    return np.array([(step * 3 + i * i * (which + 1) + which) % 7 for i in range(BATCH)], np.int32)


def variable(name, shape, seed):
    return tf.Variable(tf.constant(fractions(shape, seed)), name=name, use_resource=False)


def error(rows, w, targets):
    return tf.reduce_mean(tf.square(tf.matmul(rows, w) - targets))


def weights():
    return variable("w", [3, 1], 5)


def lookup(a, b, t):
    return error(tf.nn.embedding_lookup(variable("table", [9, 3], 1), a), weights(), t)


def two_lookups(a, b, t):
    table = variable("table", [9, 3], 1)
    left, right = tf.nn.embedding_lookup(table, a), tf.nn.embedding_lookup(table, b)
    return tf.reduce_mean(tf.square(tf.reduce_sum(left * right, axis=1, keepdims=True) - t))


def partitioned(strategy):
    def net(a, b, t):
        tables = [variable("part_0", [5, 3], 1), variable("part_1", [4, 3], 2)]
        return error(tf.nn.embedding_lookup(tables, a, partition_strategy=strategy), weights(), t)

    return net


def columns(a, b, t):
    return error(tf.transpose(tf.gather(variable("table", [3, 9], 1), a, axis=1)), weights(), t)


def segments(a, b, t):
    rows = tf.nn.embedding_lookup(variable("table", [9, 3], 1), a)
    means = tf.segment_mean(rows, [0, 0, 1, 1, 1, 2])
    return error(means, weights(), t[:3]) + tf.reduce_sum(tf.square(tf.unsorted_segment_sum(rows, b, 7))) * 0.01


def regularized(a, b, t):
    table = variable("table", [9, 3], 1)
    return error(tf.gather(table, a), weights(), t) + 0.01 * tf.nn.l2_loss(table)


def slices(a, b, t):
    table = variable("table", [9, 3], 1)
    return error(tf.gather(table[1:8], a) + tf.gather(tf.slice(table, [2, 0], [7, 3]), b), weights(), t)


def gather_nd(a, b, t):
    table = variable("table", [9, 3], 1)
    rows = tf.gather_nd(table, tf.expand_dims(a, 1))
    single = tf.gather_nd(variable("other", [9, 3], 2), tf.stack([a, b // 3], axis=1))
    return error(rows, weights(), t) + 0.1 * tf.reduce_sum(tf.square(single))


def max_norm(a, b, t):
    return error(tf.nn.embedding_lookup(variable("table", [9, 3], 1), a, max_norm=0.4), weights(), t)


def concatenated(a, b, t):
    low, high, side = variable("low", [4, 2], 1), variable("high", [5, 2], 2), variable("side", [9, 1], 3)
    whole = tf.concat([tf.concat([low, high], 0), side], 1)
    return error(tf.gather(whole, a) - tf.gather(tf.negative(whole), tf.cast(b, tf.int64)), weights(), t)


def masked(a, b, t):
    rows = tf.nn.embedding_lookup(variable("table", [9, 3], 1), a)
    return error(tf.where(tf.greater(b, 2), rows, tf.zeros_like(rows)), weights(), t)


def by_global_norm(pairs):
    gradients, variables = zip(*pairs)
    return list(zip(tf.clip_by_global_norm(gradients, 0.05)[0], variables))


def by_norm(pairs):
    return [(tf.clip_by_norm(tf.clip_by_value(gradient, -0.1, 0.1), 0.05), variable) for gradient, variable in pairs]


same = lambda pairs: pairs

NETS = {
    "twoLookups": (two_lookups, same),
    "partitionedDiv": (partitioned("div"), same),
    "segments": (segments, same),
    "regularized": (regularized, same),
    "slices": (slices, same),
    "gatherNd": (gather_nd, same),
    "maxNorm": (max_norm, same),
    "clippedByGlobalNorm": (two_lookups, by_global_norm),
    # The ones below go through the same updates: the fewest optimizers that tell a sparse gradient from a dense one.
    "lookup": (lookup, same),
    "partitionedMod": (partitioned("mod"), same),
    "columns": (columns, same),
    "concatenated": (concatenated, same),
    "masked": (masked, same),
    "clippedByNorm": (two_lookups, by_norm),
}
FEW = ["lookup", "partitionedMod", "columns", "concatenated", "masked", "clippedByNorm"]

OPTIMIZERS = {
    "gradientDescent": lambda: tf.train.GradientDescentOptimizer(0.1),
    "momentum": lambda: tf.train.MomentumOptimizer(0.05, 0.9),
    "nesterov": lambda: tf.train.MomentumOptimizer(0.05, 0.9, use_nesterov=True),
    "adagrad": lambda: tf.train.AdagradOptimizer(0.1),
    "adadelta": lambda: tf.train.AdadeltaOptimizer(1.0, epsilon=1e-4),
    "adam": lambda: tf.train.AdamOptimizer(0.02),
    "rmsProp": lambda: tf.train.RMSPropOptimizer(0.01, momentum=0.5),
    "centeredRmsProp": lambda: tf.train.RMSPropOptimizer(0.01, centered=True, epsilon=1e-3),
    "ftrl": lambda: tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.001),
}


def train(net, optimizer):
    build, change = NETS[net]
    with tf.Graph().as_default() as graph:
        a = tf.placeholder(tf.int32, [BATCH], name="a")
        b = tf.placeholder(tf.int32, [BATCH], name="b")
        t = tf.placeholder(tf.float32, [BATCH, 1], name="t")
        method = OPTIMIZERS[optimizer]()
        train_op = method.apply_gradients(change(method.compute_gradients(build(a, b, t))))
        variables = sorted(tf.global_variables(), key=lambda v: v.op.name)
        config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
        with tf.Session(config=config) as session:
            session.run(tf.global_variables_initializer())
            for step in range(STEPS):
                feeds = {a: ids_of(step, 0), b: ids_of(step, 1), t: fractions([BATCH, 1], step)}
                session.run(train_op, feeds)
            values = np.concatenate([value.ravel() for value in session.run(variables)])
        nodes = [" ".join([node.name, node.op, *node.input]) for node in graph.as_graph_def().node]
    return base64.b64encode(values.astype("<f4").tobytes()).decode(), nodes


results, graphs = {}, {}
for net in NETS:
    results[net], graphs[net] = {}, {}
    for optimizer in ["momentum", "ftrl"] if net in FEW else OPTIMIZERS:
        results[net][optimizer], graphs[net][optimizer] = train(net, optimizer)
with open(os.path.join(HERE, "embeddings.json"), "w") as f:
    json.dump(results, f, indent=1)
    f.write("\n")
if len(sys.argv) > 1:
    with open(sys.argv[1], "w") as f:
        json.dump(graphs, f)
