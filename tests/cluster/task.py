"""A task of a cluster by Python's TensorFlow: `task.py CLUSTER JOB INDEX [STEPS]`, the cluster in JSON.

Without steps it serves until its stdin ends; with them it trains the model of `python.test.ts` so many steps, and prints the losses and
the weights. It never initializes: another task does.
"""
import json
import os
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
cluster = tf.train.ClusterSpec(json.loads(sys.argv[1]))
job, index = sys.argv[2], int(sys.argv[3])
server = tf.train.Server(cluster, job_name=job, task_index=index)
if len(sys.argv) < 5:
    print('serving', flush=True)
    sys.stdin.read()
    os._exit(0)

with tf.device(tf.train.replica_device_setter(cluster=cluster, worker_device='/job:worker/task:%d' % index)):
    weights = tf.Variable([[0.0], [0.0]], name='weights')
    examples = tf.constant([[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]])
    wanted = tf.constant([[1.0], [2.0], [-1.0]])
    loss = tf.reduce_mean(tf.square(tf.matmul(examples, weights) - wanted))
    train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
with tf.Session(server.target) as session:
    losses = [float(session.run([loss, train])[0]) for _ in range(int(sys.argv[4]))]
    print(json.dumps({'losses': losses, 'weights': session.run(weights).ravel().tolist()}), flush=True)
os._exit(0)
