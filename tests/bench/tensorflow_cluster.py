"""Trains one network asynchronously on a cluster of processes with Python's TensorFlow: python tensorflow_cluster.py NET WORKERS [PS] [SECONDS]"""
import json
import os
import socket
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def measure(name, workers, ps, seconds):
    """Starts the tasks, lets all workers run for some seconds, and asks what came of it."""
    cluster = {job: [f"127.0.0.1:{free_port()}" for _ in range(count)] for job, count in (("ps", ps), ("worker", workers))}
    tasks = []

    def start(job, index):
        task = subprocess.Popen(
            [sys.executable, __file__, "task", json.dumps([name, cluster, job, index, seconds])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        tasks.append(task)
        return task

    def said(task):
        return json.loads(task.stdout.readline())

    try:
        for server in [start("ps", i) for i in range(ps)]:
            said(server)
        chief = start("worker", 0)
        said(chief)
        all_workers = [chief] + [start("worker", i) for i in range(1, workers)]
        for worker in all_workers[1:]:
            said(worker)
        for worker in all_workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        rates = [said(worker) for worker in all_workers]
    finally:
        for task in tasks:
            task.kill()
    return {"stepsPerSecond": round(sum(rates), 1), "workers": [round(rate, 1) for rate in rates]}


def be_task(name, cluster, job, index, seconds):
    import tensorflow.compat.v1 as tf
    import tensorflow_session as nets
    from data_set import Rows, examples

    tf.disable_v2_behavior()

    def say(value):
        print(json.dumps(value), flush=True)

    server = tf.train.Server(cluster, job_name=job, task_index=index)
    if job == "ps":
        say({})
        server.join()
    net, batch, optimizer = {
        "fully_connected": (nets.fully_connected, 100, lambda: tf.train.GradientDescentOptimizer(0.01)),
        "convolutional": (nets.convolutional, 50, lambda: tf.train.AdamOptimizer(1e-4)),
    }[name]
    with tf.device(tf.train.replica_device_setter(cluster=cluster, worker_device=f"/job:worker/task:{index}")):
        images = tf.placeholder(tf.float32, [batch, 784])
        labels = tf.placeholder(tf.int32, [batch])
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=net(images), labels=labels))
        global_step = tf.Variable(0, trainable=False, use_resource=False)
        train_op = optimizer().minimize(loss, global_step=global_step)
        init = tf.global_variables_initializer()
    data = Rows(*examples(10_000))
    # Without filters a session waits for every task of the cluster, other workers too.
    filters = tf.ConfigProto(device_filters=["/job:ps", f"/job:worker/task:{index}"])
    with tf.Session(server.target, config=filters) as session:

        def run_for(limit):
            start, steps = time.perf_counter(), 0
            while time.perf_counter() - start < limit:
                x, y = data.next_batch(batch)
                session.run([train_op, loss], {images: x, labels: y})
                steps += 1
            return steps / (time.perf_counter() - start)

        if index == 0:
            session.run(init)
        run_for(1)
        say({})
        sys.stdin.readline()
        say(run_for(seconds))


if sys.argv[1] == "task":
    be_task(*json.loads(sys.argv[2]))
else:
    name, workers, ps, seconds = (sys.argv[1:] + ["1", "4"][len(sys.argv) - 3 :])[:4]
    print(json.dumps(measure(name, int(workers), int(ps), float(seconds))))
