"""Makes `frozen.json` and `functions.pb` beside this script: what Python's TensorFlow 1 makes of graphs whose variables become constants.

  python extract_frozen.py   with tensorflow 2.15.1

`functions.pb` is a graph with resource variables that functions take: a loop, a branch, calls, rows of an embedding.
"""
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow.compat.v1 as tf

HERE = os.path.dirname(os.path.abspath(__file__))
tf.disable_eager_execution()


def lines(graph_def):
    return [" ".join([node.name, node.op, *node.input]) for node in graph_def.node]


def of_references():
    with open(os.path.join(HERE, "fully_connected_adam.pb"), "rb") as f:
        graph_def = tf.GraphDef.FromString(f.read())
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.import_graph_def(graph_def, name="")
        variables = [node.name for node in graph_def.node if node.op == "VariableV2"]
        for name in variables:
            operation = graph.get_operation_by_name(name)
            assign = next(c for c in operation.outputs[0].consumers() if c.type == "Assign")
            session.run(assign)
        outputs = ["softmax_linear/add"]
        frozen = tf.graph_util.convert_variables_to_constants(session, graph_def, outputs)
        kept = tf.graph_util.convert_variables_to_constants(
            session, graph_def, outputs, variable_names_blacklist=["hidden1/weights"]
        )
        return {
            "subGraph": lines(tf.graph_util.extract_sub_graph(graph_def, outputs)),
            "frozen": lines(frozen),
            "kept": lines(kept),
            "small": lines(tf.graph_util.remove_training_nodes(frozen, protected_nodes=outputs)),
        }


def of_functions():
    tf.enable_control_flow_v2()
    tf.enable_resource_variables()
    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [2], name="x")
        rows = tf.placeholder(tf.int32, [None], name="rows")
        w = tf.get_variable("w", initializer=[[1.0, 2.0], [3.0, 4.0]])
        b = tf.get_variable("b", initializer=[0.5, -0.5])
        table = tf.get_variable("table", initializer=[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])

        @tf.function
        def inner(v):
            return tf.linalg.matvec(w, v) + b

        @tf.function
        def outer(v):
            return inner(v) * 2.0 + tf.reduce_sum(tf.nn.embedding_lookup(table, rows), 0)

        loop = tf.while_loop(lambda i, _: i < 3, lambda i, v: (i + 1, tf.linalg.matvec(w, v) + b), [0, x])[1]
        branch = tf.cond(x[0] > 0, lambda: tf.linalg.matvec(w, x), lambda: b * x)
        outputs = {
            "loop": tf.identity(loop, "loop"),
            "branch": tf.identity(branch, "branch"),
            "call": tf.identity(outer(x), "call"),
            "rows_of": tf.identity(tf.nn.embedding_lookup(table, rows), "rows_of"),
            "nested": tf.identity(tf.gather(table, rows, axis=0) + inner(x), "nested"),
        }
        session.run(tf.global_variables_initializer())
        feeds = [{"x": [1.0, 2.0], "rows": [2, 0]}, {"x": [-1.0, 0.25], "rows": [1]}]
        values = [
            {key: value.tolist() for key, value in session.run(outputs, {x: f["x"], rows: f["rows"]}).items()}
            for f in feeds
        ]
        with open(os.path.join(HERE, "functions.pb"), "wb") as f:
            f.write(graph.as_graph_def().SerializeToString())
        initializer = [v.initializer.name for v in tf.global_variables()]
        frozen = tf.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), list(outputs))
        return {"initializers": initializer, "feeds": feeds, "values": values, "types": sorted({n.op for n in frozen.node})}


with open(os.path.join(HERE, "frozen.json"), "w") as f:
    json.dump({"references": of_references(), "functions": of_functions()}, f, indent=0)
