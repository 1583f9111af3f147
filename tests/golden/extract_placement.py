"""Makes the files in `placement` beside this script: where Python's TensorFlow 1 puts each node of small networks in a cluster.

  python extract_placement.py    with tensorflow 2.15.1

Of each network the nodes are kept, a line each: name, type, device, what it is colocated with, inputs. placement.ts beside this builds the same
networks. `tf.contrib` went with TensorFlow 1: its strategy for parameter servers is made again here by its description.
"""
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
HERE = os.path.dirname(os.path.abspath(__file__))


class Greedy:
    """Each to the task with the fewest bytes so far; of several the first."""

    def __init__(self, tasks):
        self.bytes = [0] * tasks

    def __call__(self, op):
        task = self.bytes.index(min(self.bytes))
        elements = 1
        for size in tf.TensorShape(op.get_attr("shape")).as_list():
            elements *= size
        self.bytes[task] += elements * op.get_attr("dtype").size
        return task


def variable(value, name, **options):
    return tf.Variable(value, name=name, use_resource=False, **options)


def dense(x, size_in, size_out, name):
    with tf.name_scope(name):
        w = variable(tf.truncated_normal([size_in, size_out], stddev=0.1, seed=7), "weights")
        b = variable(tf.zeros([size_out]), "biases")
        return tf.add(tf.matmul(x, w), b)


def loss_of(logits, labels):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
    return tf.reduce_mean(losses, name="xentropy_mean")


def inputs(size):
    return tf.placeholder(tf.float32, [8, size], name="images"), tf.placeholder(tf.int32, [8], name="labels")


def article():
    images, labels = inputs(12)
    hidden = tf.nn.relu(dense(images, 12, 5, "hidden1"))
    loss = loss_of(dense(hidden, 5, 3, "softmax_linear"), labels)
    tf.summary.scalar(loss.op.name, loss)
    step = variable(0, "global_step", trainable=False)
    tf.train.GradientDescentOptimizer(0.01).minimize(loss, global_step=step)
    tf.summary.merge_all()
    tf.global_variables_initializer()
    tf.train.Saver()


def convnet():
    images, labels = inputs(36)
    with tf.name_scope("conv"):
        w = variable(tf.truncated_normal([3, 3, 1, 4], stddev=0.1, seed=7), "weights")
        b = variable(tf.zeros([4]), "biases")
        conv = tf.nn.conv2d(tf.reshape(images, [-1, 6, 6, 1]), w, [1, 1, 1, 1], "SAME")
        pool = tf.nn.max_pool(tf.nn.relu6(tf.nn.bias_add(conv, b)), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    loss = loss_of(dense(tf.reshape(pool, [-1, 36]), 36, 3, "softmax_linear"), labels)
    tf.train.AdamOptimizer(1e-3).minimize(loss, global_step=tf.train.get_or_create_global_step())
    variable(1.0, "after")
    tf.global_variables_initializer()
    tf.train.Saver()


def momentum():
    images, labels = inputs(12)
    hidden = tf.tanh(dense(images, 12, 5, "hidden1"))
    with tf.device("/cpu:0"):
        loss = loss_of(dense(hidden, 5, 3, "softmax_linear"), labels)
    loss = loss + 0.01 * tf.add_n([tf.nn.l2_loss(v) for v in tf.trainable_variables()])
    with tf.device(None):
        variable([1.0, 2.0], "left")
    with tf.device("/job:worker/task:0"):
        variable([1.0, 2.0], "own")
    with tf.device("/job:worker/task:0"):
        own = tf.reduce_sum(tf.get_collection("variables", "own")[0].value())
    with tf.device(None):
        loss = loss + own * tf.reduce_sum(tf.get_collection("variables", "left")[0].value())
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
    optimizer.minimize(loss, global_step=tf.train.get_or_create_global_step(), colocate_gradients_with_ops=True)
    tf.report_uninitialized_variables()


def embedding():
    ids = tf.placeholder(tf.int32, [6], name="ids")
    tables = [variable(tf.zeros([size, 3]), "table_%d" % i) for i, size in enumerate([5, 4, 4])]
    rows = tf.nn.embedding_lookup(tables, ids, partition_strategy="div")
    single = tf.nn.embedding_lookup(variable(tf.ones([9, 3]), "single"), ids)
    loss = tf.reduce_mean(tf.square(rows - single))
    tf.train.AdagradOptimizer(0.1).minimize(loss)
    tf.global_variables_initializer()
    tf.train.Saver(tf.trainable_variables())


def averages():
    images, labels = inputs(12)
    loss = loss_of(dense(images, 12, 3, "softmax_linear"), labels)
    step = tf.train.get_or_create_global_step()
    train = tf.train.RMSPropOptimizer(0.1, momentum=0.5, centered=True).minimize(loss, global_step=step)
    average = tf.train.ExponentialMovingAverage(0.9, step)
    with tf.control_dependencies([train]):
        average.apply(tf.trainable_variables())
    first = tf.trainable_variables()[0]
    variable(first.initialized_value() * 2.0, "twice")
    tf.assign_add(first, tf.ones([12, 3]))
    tf.global_variables_initializer()


def others():
    images, labels = inputs(4)
    loss = loss_of(dense(images, 4, 3, "softmax_linear"), labels)
    pairs = tf.train.AdadeltaOptimizer(0.1).compute_gradients(loss)
    clipped, _ = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 1.0)
    pairs = [(gradient, v) for gradient, (_, v) in zip(clipped, pairs)]
    tf.train.AdadeltaOptimizer(0.1).apply_gradients(pairs)
    variable(lambda: tf.constant([1.0, 2.0]), "built")


def colocated():
    with tf.device("/job:worker/task:1"):
        outer = tf.constant(1.0, name="outer")
    with tf.device("/job:worker/task:2"):
        inner = tf.constant(1.0, name="inner")
    with tf.colocate_with(outer), tf.colocate_with(inner):
        tf.constant(2.0, name="both")
        with tf.device("/cpu:0"):
            tf.constant(2.0, name="within")
    with tf.device("/cpu:1"), tf.device("/job:ps/cpu:*"):
        variable(1.0, "merged")
    with tf.device("/gpu:1"), tf.device("/cpu:*"):
        tf.constant(2.0, name="index")


def saved():
    images, labels = inputs(12)
    hidden = tf.nn.relu(dense(images, 12, 5, "hidden1"))
    loss = loss_of(dense(hidden, 5, 3, "softmax_linear"), labels)
    tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss, global_step=tf.train.get_or_create_global_step())
    tf.train.Saver(sharded=True)
    tf.train.Saver(tf.trainable_variables(), name="again", reshape=True)


def partitioned():
    ids = tf.placeholder(tf.int32, [6], name="ids")
    with tf.variable_scope("net", partitioner=tf.fixed_size_partitioner(3), use_resource=False):
        words = tf.get_variable("words", [10, 4])
        wide = tf.get_variable("wide", [2, 7], partitioner=tf.fixed_size_partitioner(2, axis=1), initializer=tf.zeros_initializer())
        given = tf.get_variable("given", initializer=tf.ones([4, 2]))
        one = tf.get_variable("one", [3], partitioner=tf.min_max_variable_partitioner(4))
        scalar = tf.get_variable("scalar", [], trainable=False)
    with tf.variable_scope("net", reuse=True, use_resource=False):
        weights = tf.get_variable("words", partitioner=None)
        assert weights is words
    with tf.variable_scope("net", use_resource=False) as scope:
        whole = tf.get_variable("whole", [4, 2])
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        whole = tf.get_variable("whole", [4, 2])
        counts = tf.get_variable("counts", [3], dtype=tf.int32, trainable=False)
    rows = tf.nn.embedding_lookup(words, ids, partition_strategy="div")
    out = tf.matmul(tf.matmul(rows, whole), wide.as_tensor())
    loss = tf.reduce_mean(tf.square(out)) + tf.reduce_sum(one.as_tensor()) + tf.reduce_sum(given.as_tensor())
    tf.train.AdagradOptimizer(0.1).minimize(loss)
    tf.train.Saver(sharded=True)
    tf.train.Saver({"other": words, "counts": counts}, name="named")


setter = tf.train.replica_device_setter
NETWORKS = {
    "article": (article, lambda: setter(ps_tasks=2)),
    "convnet": (convnet, lambda: setter(ps_tasks=3, worker_device="/job:worker/task:1/cpu:0", ps_device="/job:ps/cpu:0")),
    "momentum": (momentum, lambda: setter(ps_tasks=2, ps_strategy=Greedy(2))),
    "embedding": (embedding, lambda: setter(cluster={"ps": ["a:1", "b:1", "c:1"], "worker": ["d:1"]})),
    "averages": (averages, lambda: setter(cluster=tf.train.ClusterSpec({"ps": ["a:1", "b:1"], "worker": {3: "c:1"}}))),
    "others": (others, lambda: setter(ps_tasks=3, merge_devices=False, worker_device="")),
    "sharded": (saved, lambda: setter(ps_tasks=3, worker_device="/job:worker/task:1/gpu:0", ps_device="/job:ps/gpu:0")),
    "partitioned": (partitioned, lambda: setter(ps_tasks=3)),
    "oneShard": (saved, lambda: None),
    "colocated": (colocated, lambda: setter(ps_tasks=2)),
}


def line(node):
    classes = [name.decode() for name in node.attr["_class"].list.s] if "_class" in node.attr else []
    return " ".join([node.name, node.op, node.device or "-", ",".join(classes) or "-", *node.input])


def extract(build, device):
    with tf.Graph().as_default() as graph, tf.device(device()):
        build()
        return [line(node) for node in graph.as_graph_def().node]


os.makedirs(os.path.join(HERE, "placement"), exist_ok=True)
for name, network in NETWORKS.items():
    with open(os.path.join(HERE, "placement", name + ".json"), "w") as f:
        json.dump(extract(*network), f, indent=2)
        f.write("\n")
