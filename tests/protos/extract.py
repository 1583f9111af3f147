"""Makes messages.json beside this script: the messages and enums of Python's TensorFlow and TensorBoard, as far as
lib/protos has something of the files that they are in.

  python extract.py   with tensorflow 2.15.1 and its tensorboard

A field is `number label type` with its oneof behind it; labels are `singular`, `optional`, `repeated`, `packed` and `map`. An enum has
the numbers of its names.
"""
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")  # whose fields tell whether they are packed
import tensorflow.compat.v1  # registers most files of TensorFlow's
from google.protobuf import any_pb2, descriptor, descriptor_pool, struct_pb2
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.plugins.pr_curve import plugin_data_pb2
from tensorflow.core.example import example_pb2
from tensorflow.core.protobuf import saved_model_pb2, tensor_bundle_pb2
from tensorflow.core.util import saved_tensor_slice_pb2
from tensorflow.python.training import checkpoint_state_pb2

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = """
google/protobuf/any.proto google/protobuf/struct.proto
tensorboard/plugins/hparams/api.proto tensorboard/plugins/hparams/plugin_data.proto tensorboard/plugins/pr_curve/plugin_data.proto
tensorflow/core/example/example.proto tensorflow/core/example/feature.proto
tensorflow/core/framework/allocation_description.proto tensorflow/core/framework/attr_value.proto
tensorflow/core/framework/cost_graph.proto tensorflow/core/framework/full_type.proto tensorflow/core/framework/function.proto
tensorflow/core/framework/graph.proto tensorflow/core/framework/graph_debug_info.proto tensorflow/core/framework/node_def.proto
tensorflow/core/framework/op_def.proto tensorflow/core/framework/resource_handle.proto tensorflow/core/framework/step_stats.proto
tensorflow/core/framework/summary.proto tensorflow/core/framework/tensor.proto
tensorflow/core/framework/tensor_description.proto tensorflow/core/framework/tensor_shape.proto
tensorflow/core/framework/tensor_slice.proto tensorflow/core/framework/types.proto tensorflow/core/framework/variable.proto
tensorflow/core/framework/versions.proto tensorflow/core/protobuf/cluster.proto tensorflow/core/protobuf/config.proto
tensorflow/core/protobuf/control_flow.proto tensorflow/core/protobuf/meta_graph.proto
tensorflow/core/protobuf/queue_runner.proto tensorflow/core/protobuf/rewriter_config.proto
tensorflow/core/protobuf/saved_model.proto tensorflow/core/protobuf/saver.proto tensorflow/core/protobuf/struct.proto
tensorflow/core/protobuf/tensor_bundle.proto
tensorflow/core/protobuf/tensorflow_server.proto tensorflow/core/util/event.proto
tensorflow/core/util/saved_tensor_slice.proto tensorflow/python/training/checkpoint_state.proto
tsl/protobuf/error_codes.proto tsl/protobuf/histogram.proto tsl/protobuf/rpc_options.proto
""".split()

SCALARS = {
    value: name[len("TYPE_") :].lower()
    for name, value in vars(descriptor.FieldDescriptor).items()
    if name.startswith("TYPE_")
}


def type_of(field):
    thing = field.message_type or field.enum_type
    return thing.full_name if thing else SCALARS[field.type]


def described(field):
    if field.message_type and field.message_type.GetOptions().map_entry:
        entry = field.message_type.fields_by_name
        what = f"map {type_of(entry['key'])},{type_of(entry['value'])}"
    else:
        repeated = field.label == field.LABEL_REPEATED
        # A scalar of which the bytes say whether it was set, also to its default.
        has_presence = field.has_presence and not field.message_type and not field.containing_oneof
        label = "packed" if field.is_packed else "repeated" if repeated else "optional" if has_presence else "singular"
        what = f"{label} {type_of(field)}"
    oneof = field.containing_oneof
    return f"{field.number} {what}{' ' + oneof.name if oneof else ''}"


def add(things, messages, enums):
    for enum in enums:
        things[enum.full_name] = {value.name: value.number for value in enum.values}
    for message in messages:
        if message.GetOptions().map_entry:
            continue
        things[message.full_name] = {field.name: described(field) for field in message.fields}
        add(things, message.nested_types, message.enum_types)


things = {}
for name in FILES:
    file = descriptor_pool.Default().FindFileByName(name)
    add(things, file.message_types_by_name.values(), file.enum_types_by_name.values())
with open(os.path.join(HERE, "messages.json"), "w") as f:
    json.dump(things, f, indent=2, sort_keys=True)
    f.write("\n")
