"""Makes `monitored.json`: what Python's tf.train.MonitoredTrainingSession builds, says and writes in a small training.

  python extract_monitored.py   with tensorflow 2.15.1

The training reads the step and the loss before it changes anything, so that nothing depends on which thread is first. It goes to
step 23, and in a second session from its checkpoint to 30. Of each there are the lines of the log (without times), the events of the
event file and the names of the files; of the graph the nodes that the session adds, and the collections.
"""
import glob
import json
import logging
import os
import re
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow.compat.v1 as tf
from tensorflow.python.training import training_util

tf.disable_v2_behavior()
HERE = os.path.dirname(os.path.abspath(__file__))
lines = []


class Lines(logging.Handler):
    def emit(self, record):
        lines.append(record.getMessage())


logger = tf.get_logger()
logger.handlers = [Lines()]
logger.propagate = False
logger.setLevel(logging.INFO)


def events(folder):
    found = []
    for file in sorted(glob.glob(os.path.join(folder, "events*"))):
        for event in tf.train.summary_iterator(file):
            kind = event.WhichOneof("what")
            if kind == "summary":
                what = " ".join(value.tag for value in event.summary.value)
            elif kind == "session_log":
                log = event.session_log
                what = log.SessionStatus.Name(log.status) + " " + os.path.basename(log.checkpoint_path)
            elif kind == "tagged_run_metadata":
                what = event.tagged_run_metadata.tag
            else:
                continue  # the version, and graphs, which Python writes twice
            found.append("%d %s" % (event.step, what.strip()))
    return found


def train(folder, last_step):
    del lines[:]
    graph = tf.Graph()
    with graph.as_default():
        step = tf.train.get_or_create_global_step()
        weights = tf.Variable([1.0, 2.0], name="weights")
        tf.Variable(5, name="local", collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False)
        loss = tf.reduce_mean(tf.square(weights), name="loss")
        tf.summary.scalar("loss_summary", loss)
        before = {node.name for node in graph.as_graph_def().node}
        with tf.control_dependencies([training_util._get_or_create_global_step_read(), loss]):
            train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=step, name="train")
        before |= {node.name for node in graph.as_graph_def().node if re.match("gradients|train|global_step/cond|global_step/(add|Is)", node.name)}
        final = tf.train.FinalOpsHook(loss)
        hooks = [
            tf.train.StopAtStepHook(last_step=last_step),
            tf.train.LoggingTensorHook({"loss": loss, "again": "loss"}, every_n_iter=10, at_end=True),
            tf.train.NanTensorHook(loss),
            final,
            tf.train.ProfilerHook(save_steps=7, output_dir=folder),
        ]
        with tf.train.MonitoredTrainingSession(
            checkpoint_dir=folder, save_checkpoint_steps=10, save_summaries_steps=5, log_step_count_steps=10, hooks=hooks
        ) as session:
            runs = 0
            while not session.should_stop():
                session.run(train_op)
                runs += 1
        tf.summary.FileWriterCache.clear()
        nodes = [
            " ".join([node.name, node.op, node.device or "-", *node.input])
            for node in graph.as_graph_def().node
            if node.name not in before
        ]
        collections = {
            key: [value.name for value in graph.get_collection(key)]
            for key in graph.get_all_collection_keys()
            if key not in ("savers", "cond_context")
        }
    said = [re.sub(r"global_step/sec: .*", "global_step/sec", line.replace(folder, "FOLDER")) for line in lines]
    said = [re.sub(r" \(\d+\.\d+ sec\)$", " (sec)", line) for line in said if "deprecated" not in line]
    return {
        "runs": runs,
        "final": float(final.final_ops_values),
        "lines": said,
        "events": events(folder),
        "files": sorted(name for name in os.listdir(folder) if not name.startswith("events")),
        "nodes": nodes,
        "collections": collections,
    }


with tempfile.TemporaryDirectory() as folder:
    first = train(folder, 23)
    for file in glob.glob(os.path.join(folder, "events*")):
        os.remove(file)
    second = train(folder, 30)
for name in ("nodes", "collections"):
    del second[name]
with open(os.path.join(HERE, "monitored.json"), "w") as f:
    json.dump({"first": first, "second": second}, f, indent=0)
    f.write("\n")
