/**
 * Every message as protobufjs' reflection takes it, fields named as in the `.proto` files.
 *
 * Made by `npm run protos` from lib/protos, where changes belong.
 */
import type { IField, IMapField, IOneOf } from 'protobufjs/light';

/** A package, a message or an enum. */
export interface Descriptor {
  fields?: Record<string, IField | IMapField>;
  oneofs?: Record<string, IOneOf>;
  values?: Record<string, number>;
  nested?: Record<string, Descriptor>;
}

export const descriptor: Descriptor = {
  nested: {
    google: {
      nested: {
        protobuf: {
          nested: {
            Any: {
              fields: {
                type_url: { type: 'string', id: 1 },
                value: { type: 'bytes', id: 2 },
              },
            },
          },
        },
      },
    },
    tensorflow: {
      nested: {
        ConfigProto: {
          fields: {
            device_count: { keyType: 'string', type: 'int32', id: 1 },
            intra_op_parallelism_threads: { type: 'int32', id: 2 },
            placement_period: { type: 'int32', id: 3 },
            device_filters: { rule: 'repeated', type: 'string', id: 4 },
            inter_op_parallelism_threads: { type: 'int32', id: 5 },
            gpu_options: { type: 'GPUOptions', id: 6 },
            allow_soft_placement: { type: 'bool', id: 7 },
            log_device_placement: { type: 'bool', id: 8 },
            use_per_session_threads: { type: 'bool', id: 9 },
            graph_options: { type: 'GraphOptions', id: 10 },
            operation_timeout_in_ms: { type: 'int64', id: 11 },
            session_inter_op_thread_pool: { rule: 'repeated', type: 'ThreadPoolOptionProto', id: 12 },
            rpc_options: { type: 'RPCOptions', id: 13 },
            cluster_def: { type: 'ClusterDef', id: 14 },
            isolate_session_state: { type: 'bool', id: 15 },
            share_cluster_devices_in_session: { type: 'bool', id: 17 },
          },
        },
        ThreadPoolOptionProto: {
          fields: {
            num_threads: { type: 'int32', id: 1 },
            global_name: { type: 'string', id: 2 },
          },
        },
        GPUOptions: {
          fields: {
            per_process_gpu_memory_fraction: { type: 'double', id: 1 },
            allocator_type: { type: 'string', id: 2 },
            deferred_deletion_bytes: { type: 'int64', id: 3 },
            allow_growth: { type: 'bool', id: 4 },
            visible_device_list: { type: 'string', id: 5 },
            polling_active_delay_usecs: { type: 'int32', id: 6 },
            polling_inactive_delay_msecs: { type: 'int32', id: 7 },
            force_gpu_compatible: { type: 'bool', id: 8 },
          },
        },
        GraphOptions: {
          fields: {
            enable_recv_scheduling: { type: 'bool', id: 2 },
            optimizer_options: { type: 'OptimizerOptions', id: 3 },
            build_cost_model: { type: 'int64', id: 4 },
            infer_shapes: { type: 'bool', id: 5 },
            place_pruned_graph: { type: 'bool', id: 6 },
            enable_bfloat16_sendrecv: { type: 'bool', id: 7 },
            timeline_step: { type: 'int32', id: 8 },
            build_cost_model_after: { type: 'int64', id: 9 },
            rewrite_options: { type: 'RewriterConfig', id: 10 },
          },
        },
        OptimizerOptions: {
          fields: {
            do_common_subexpression_elimination: { type: 'bool', id: 1 },
            do_constant_folding: { type: 'bool', id: 2 },
            opt_level: { type: 'Level', id: 3 },
            do_function_inlining: { type: 'bool', id: 4 },
            global_jit_level: { type: 'GlobalJitLevel', id: 5 },
            max_folded_constant_in_bytes: { type: 'int64', id: 6 },
            cpu_global_jit: { type: 'bool', id: 7 },
          },
          nested: {
            Level: {
              values: {
                L1: 0,
                L0: -1,
              },
            },
            GlobalJitLevel: {
              values: {
                DEFAULT: 0,
                OFF: -1,
                ON_1: 1,
                ON_2: 2,
              },
            },
          },
        },
        RewriterConfig: {
          fields: {
            layout_optimizer: { type: 'Toggle', id: 1 },
            disable_model_pruning: { type: 'bool', id: 2 },
            constant_folding: { type: 'Toggle', id: 3 },
            memory_optimization: { type: 'MemOptType', id: 4 },
            arithmetic_optimization: { type: 'Toggle', id: 7 },
            dependency_optimization: { type: 'Toggle', id: 8 },
            loop_optimization: { type: 'Toggle', id: 9 },
            function_optimization: { type: 'Toggle', id: 10 },
            debug_stripper: { type: 'Toggle', id: 11 },
            meta_optimizer_iterations: { type: 'NumIterationsType', id: 12 },
            shape_optimization: { type: 'Toggle', id: 13 },
            remapping: { type: 'Toggle', id: 14 },
            scoped_allocator_optimization: { type: 'Toggle', id: 15 },
            min_graph_nodes: { type: 'int32', id: 17 },
            pin_to_host_optimization: { type: 'Toggle', id: 18 },
            disable_meta_optimizer: { type: 'bool', id: 19 },
            meta_optimizer_timeout_ms: { type: 'int64', id: 20 },
            fail_on_optimizer_errors: { type: 'bool', id: 21 },
            implementation_selector: { type: 'Toggle', id: 22 },
            auto_mixed_precision: { type: 'Toggle', id: 23 },
            common_subgraph_elimination: { type: 'Toggle', id: 24 },
            use_plugin_optimizers: { type: 'Toggle', id: 28 },
            optimizers: { rule: 'repeated', type: 'string', id: 100 },
          },
          nested: {
            Toggle: {
              values: {
                DEFAULT: 0,
                ON: 1,
                OFF: 2,
                AGGRESSIVE: 3,
              },
            },
            NumIterationsType: {
              values: {
                DEFAULT_NUM_ITERS: 0,
                ONE: 1,
                TWO: 2,
              },
            },
            MemOptType: {
              values: {
                DEFAULT_MEM_OPT: 0,
                NO_MEM_OPT: 1,
                MANUAL: 2,
                HEURISTICS: 3,
                SWAPPING_HEURISTICS: 4,
                RECOMPUTATION_HEURISTICS: 5,
                SCHEDULING_HEURISTICS: 6,
              },
            },
          },
        },
        RPCOptions: {
          fields: {
            use_rpc_for_inprocess_master: { type: 'bool', id: 1 },
            compression_algorithm: { type: 'string', id: 2 },
            compression_level: { type: 'int32', id: 3 },
            cache_rpc_response: { type: 'bool', id: 4 },
            disable_session_connection_sharing: { type: 'bool', id: 5 },
            num_channels_per_target: { type: 'int32', id: 6 },
          },
        },
        ClusterDef: {
          fields: {
            job: { rule: 'repeated', type: 'JobDef', id: 1 },
          },
        },
        JobDef: {
          fields: {
            name: { type: 'string', id: 1 },
            tasks: { keyType: 'int32', type: 'string', id: 2 },
          },
        },
        ServerDef: {
          fields: {
            cluster: { type: 'ClusterDef', id: 1 },
            job_name: { type: 'string', id: 2 },
            task_index: { type: 'int32', id: 3 },
            default_session_config: { type: 'ConfigProto', id: 4 },
            protocol: { type: 'string', id: 5 },
            port: { type: 'int32', id: 6 },
            replica: { type: 'int32', id: 8 },
          },
        },
        RunOptions: {
          fields: {
            trace_level: { type: 'TraceLevel', id: 1 },
            timeout_in_ms: { type: 'int64', id: 2 },
            inter_op_thread_pool: { type: 'int32', id: 3 },
            output_partition_graphs: { type: 'bool', id: 5 },
            report_tensor_allocations_upon_oom: { type: 'bool', id: 7 },
          },
          nested: {
            TraceLevel: {
              values: {
                NO_TRACE: 0,
                SOFTWARE_TRACE: 1,
                HARDWARE_TRACE: 2,
                FULL_TRACE: 3,
              },
            },
          },
        },
        DataType: {
          values: {
            DT_INVALID: 0,
            DT_FLOAT: 1,
            DT_DOUBLE: 2,
            DT_INT32: 3,
            DT_UINT8: 4,
            DT_INT16: 5,
            DT_INT8: 6,
            DT_STRING: 7,
            DT_COMPLEX64: 8,
            DT_INT64: 9,
            DT_BOOL: 10,
            DT_QINT8: 11,
            DT_QUINT8: 12,
            DT_QINT32: 13,
            DT_BFLOAT16: 14,
            DT_QINT16: 15,
            DT_QUINT16: 16,
            DT_UINT16: 17,
            DT_COMPLEX128: 18,
            DT_HALF: 19,
            DT_RESOURCE: 20,
            DT_VARIANT: 21,
            DT_UINT32: 22,
            DT_UINT64: 23,
            DT_FLOAT8_E5M2: 24,
            DT_FLOAT8_E4M3FN: 25,
            DT_INT4: 29,
            DT_UINT4: 30,
          },
        },
        TensorShapeProto: {
          fields: {
            dim: { rule: 'repeated', type: 'Dim', id: 2 },
            unknown_rank: { type: 'bool', id: 3 },
          },
          nested: {
            Dim: {
              fields: {
                size: { type: 'int64', id: 1 },
                name: { type: 'string', id: 2 },
              },
            },
          },
        },
        TensorProto: {
          fields: {
            dtype: { type: 'DataType', id: 1 },
            tensor_shape: { type: 'TensorShapeProto', id: 2 },
            version_number: { type: 'int32', id: 3 },
            tensor_content: { type: 'bytes', id: 4 },
            float_val: { rule: 'repeated', type: 'float', id: 5 },
            double_val: { rule: 'repeated', type: 'double', id: 6 },
            int_val: { rule: 'repeated', type: 'int32', id: 7 },
            string_val: { rule: 'repeated', type: 'bytes', id: 8 },
            scomplex_val: { rule: 'repeated', type: 'float', id: 9 },
            int64_val: { rule: 'repeated', type: 'int64', id: 10 },
            bool_val: { rule: 'repeated', type: 'bool', id: 11 },
            dcomplex_val: { rule: 'repeated', type: 'double', id: 12 },
            half_val: { rule: 'repeated', type: 'int32', id: 13 },
            resource_handle_val: { rule: 'repeated', type: 'ResourceHandleProto', id: 14 },
            variant_val: { rule: 'repeated', type: 'VariantTensorDataProto', id: 15 },
            uint32_val: { rule: 'repeated', type: 'uint32', id: 16 },
            uint64_val: { rule: 'repeated', type: 'uint64', id: 17 },
            float8_val: { type: 'bytes', id: 18 },
          },
        },
        ResourceHandleProto: {
          fields: {
            device: { type: 'string', id: 1 },
            container: { type: 'string', id: 2 },
            name: { type: 'string', id: 3 },
            hash_code: { type: 'uint64', id: 4 },
            maybe_type_name: { type: 'string', id: 5 },
            dtypes_and_shapes: { rule: 'repeated', type: 'DtypeAndShape', id: 6 },
          },
          nested: {
            DtypeAndShape: {
              fields: {
                dtype: { type: 'DataType', id: 1 },
                shape: { type: 'TensorShapeProto', id: 2 },
              },
            },
          },
        },
        VariantTensorDataProto: {
          fields: {
            type_name: { type: 'string', id: 1 },
            metadata: { type: 'bytes', id: 2 },
            tensors: { rule: 'repeated', type: 'TensorProto', id: 3 },
          },
        },
        AttrValue: {
          oneofs: {
            value: {
              oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor', 'placeholder', 'func'],
            },
          },
          fields: {
            list: { type: 'ListValue', id: 1 },
            s: { type: 'bytes', id: 2 },
            i: { type: 'int64', id: 3 },
            f: { type: 'float', id: 4 },
            b: { type: 'bool', id: 5 },
            type: { type: 'DataType', id: 6 },
            shape: { type: 'TensorShapeProto', id: 7 },
            tensor: { type: 'TensorProto', id: 8 },
            placeholder: { type: 'string', id: 9 },
            func: { type: 'NameAttrList', id: 10 },
          },
          nested: {
            ListValue: {
              fields: {
                s: { rule: 'repeated', type: 'bytes', id: 2 },
                i: { rule: 'repeated', type: 'int64', id: 3 },
                f: { rule: 'repeated', type: 'float', id: 4 },
                b: { rule: 'repeated', type: 'bool', id: 5 },
                type: { rule: 'repeated', type: 'DataType', id: 6 },
                shape: { rule: 'repeated', type: 'TensorShapeProto', id: 7 },
                tensor: { rule: 'repeated', type: 'TensorProto', id: 8 },
                func: { rule: 'repeated', type: 'NameAttrList', id: 9 },
              },
            },
          },
        },
        NameAttrList: {
          fields: {
            name: { type: 'string', id: 1 },
            attr: { keyType: 'string', type: 'AttrValue', id: 2 },
          },
        },
        NodeDef: {
          fields: {
            name: { type: 'string', id: 1 },
            op: { type: 'string', id: 2 },
            input: { rule: 'repeated', type: 'string', id: 3 },
            device: { type: 'string', id: 4 },
            attr: { keyType: 'string', type: 'AttrValue', id: 5 },
            experimental_debug_info: { type: 'ExperimentalDebugInfo', id: 6 },
            experimental_type: { type: 'FullTypeDef', id: 7 },
          },
          nested: {
            ExperimentalDebugInfo: {
              fields: {
                original_node_names: { rule: 'repeated', type: 'string', id: 1 },
                original_func_names: { rule: 'repeated', type: 'string', id: 2 },
              },
            },
          },
        },
        VersionDef: {
          fields: {
            producer: { type: 'int32', id: 1 },
            min_consumer: { type: 'int32', id: 2 },
            bad_consumers: { rule: 'repeated', type: 'int32', id: 3 },
          },
        },
        GraphDef: {
          fields: {
            node: { rule: 'repeated', type: 'NodeDef', id: 1 },
            library: { type: 'FunctionDefLibrary', id: 2 },
            version: { type: 'int32', id: 3 },
            versions: { type: 'VersionDef', id: 4 },
            debug_info: { type: 'GraphDebugInfo', id: 5 },
          },
        },
        GraphDebugInfo: {
          fields: {
            files: { rule: 'repeated', type: 'string', id: 1 },
            traces: { keyType: 'string', type: 'StackTrace', id: 2 },
            frames_by_id: { keyType: 'fixed64', type: 'FileLineCol', id: 4 },
            name_to_trace_id: { keyType: 'string', type: 'fixed64', id: 5 },
            traces_by_id: { keyType: 'fixed64', type: 'StackTrace', id: 6 },
          },
          nested: {
            FileLineCol: {
              oneofs: {
                _file_index: {
                  oneof: ['file_index'],
                },
                _line: {
                  oneof: ['line'],
                },
                _col: {
                  oneof: ['col'],
                },
                _func: {
                  oneof: ['func'],
                },
                _code: {
                  oneof: ['code'],
                },
              },
              fields: {
                file_index: {
                  type: 'int32',
                  id: 1,
                  options: {
                    proto3_optional: true,
                  },
                },
                line: {
                  type: 'int32',
                  id: 2,
                  options: {
                    proto3_optional: true,
                  },
                },
                col: {
                  type: 'int32',
                  id: 3,
                  options: {
                    proto3_optional: true,
                  },
                },
                func: {
                  type: 'string',
                  id: 4,
                  options: {
                    proto3_optional: true,
                  },
                },
                code: {
                  type: 'string',
                  id: 5,
                  options: {
                    proto3_optional: true,
                  },
                },
              },
            },
            StackTrace: {
              fields: {
                file_line_cols: { rule: 'repeated', type: 'FileLineCol', id: 1 },
                frame_id: { rule: 'repeated', type: 'fixed64', id: 2 },
              },
            },
          },
        },
        FunctionDefLibrary: {
          fields: {
            function: { rule: 'repeated', type: 'FunctionDef', id: 1 },
            gradient: { rule: 'repeated', type: 'GradientDef', id: 2 },
            registered_gradients: { rule: 'repeated', type: 'RegisteredGradient', id: 3 },
          },
        },
        FunctionDef: {
          fields: {
            signature: { type: 'OpDef', id: 1 },
            node_def: { rule: 'repeated', type: 'NodeDef', id: 3 },
            ret: { keyType: 'string', type: 'string', id: 4 },
            attr: { keyType: 'string', type: 'AttrValue', id: 5 },
            control_ret: { keyType: 'string', type: 'string', id: 6 },
            arg_attr: { keyType: 'uint32', type: 'ArgAttrs', id: 7 },
            resource_arg_unique_id: { keyType: 'uint32', type: 'uint32', id: 8 },
          },
          nested: {
            ArgAttrs: {
              fields: {
                attr: { keyType: 'string', type: 'AttrValue', id: 1 },
              },
            },
          },
        },
        GradientDef: {
          fields: {
            function_name: { type: 'string', id: 1 },
            gradient_func: { type: 'string', id: 2 },
          },
        },
        RegisteredGradient: {
          fields: {
            gradient_func: { type: 'string', id: 1 },
            registered_op_type: { type: 'string', id: 2 },
          },
        },
        OpDef: {
          fields: {
            name: { type: 'string', id: 1 },
            input_arg: { rule: 'repeated', type: 'ArgDef', id: 2 },
            output_arg: { rule: 'repeated', type: 'ArgDef', id: 3 },
            attr: { rule: 'repeated', type: 'AttrDef', id: 4 },
            summary: { type: 'string', id: 5 },
            description: { type: 'string', id: 6 },
            deprecation: { type: 'OpDeprecation', id: 8 },
            is_aggregate: { type: 'bool', id: 16 },
            is_stateful: { type: 'bool', id: 17 },
            is_commutative: { type: 'bool', id: 18 },
            allows_uninitialized_input: { type: 'bool', id: 19 },
            control_output: { rule: 'repeated', type: 'string', id: 20 },
            is_distributed_communication: { type: 'bool', id: 21 },
          },
          nested: {
            ArgDef: {
              fields: {
                name: { type: 'string', id: 1 },
                description: { type: 'string', id: 2 },
                type: { type: 'DataType', id: 3 },
                type_attr: { type: 'string', id: 4 },
                number_attr: { type: 'string', id: 5 },
                type_list_attr: { type: 'string', id: 6 },
                handle_data: { rule: 'repeated', type: 'ResourceHandleProto.DtypeAndShape', id: 7 },
                is_ref: { type: 'bool', id: 16 },
                experimental_full_type: { type: 'FullTypeDef', id: 17 },
              },
            },
            AttrDef: {
              fields: {
                name: { type: 'string', id: 1 },
                type: { type: 'string', id: 2 },
                default_value: { type: 'AttrValue', id: 3 },
                description: { type: 'string', id: 4 },
                has_minimum: { type: 'bool', id: 5 },
                minimum: { type: 'int64', id: 6 },
                allowed_values: { type: 'AttrValue', id: 7 },
              },
            },
          },
        },
        OpDeprecation: {
          fields: {
            version: { type: 'int32', id: 1 },
            explanation: { type: 'string', id: 2 },
          },
        },
        OpList: {
          fields: {
            op: { rule: 'repeated', type: 'OpDef', id: 1 },
          },
        },
        FullTypeId: {
          values: {
            TFT_UNSET: 0,
            TFT_VAR: 1,
            TFT_ANY: 2,
            TFT_PRODUCT: 3,
            TFT_NAMED: 4,
            TFT_FOR_EACH: 20,
            TFT_CALLABLE: 100,
            TFT_TENSOR: 1000,
            TFT_ARRAY: 1001,
            TFT_OPTIONAL: 1002,
            TFT_LITERAL: 1003,
            TFT_ENCODED: 1004,
            TFT_SHAPE_TENSOR: 1005,
            TFT_BOOL: 200,
            TFT_UINT8: 201,
            TFT_UINT16: 202,
            TFT_UINT32: 203,
            TFT_UINT64: 204,
            TFT_INT8: 205,
            TFT_INT16: 206,
            TFT_INT32: 207,
            TFT_INT64: 208,
            TFT_HALF: 209,
            TFT_FLOAT: 210,
            TFT_DOUBLE: 211,
            TFT_BFLOAT16: 215,
            TFT_COMPLEX64: 212,
            TFT_COMPLEX128: 213,
            TFT_STRING: 214,
            TFT_DATASET: 10102,
            TFT_RAGGED: 10103,
            TFT_ITERATOR: 10104,
            TFT_MUTEX_LOCK: 10202,
            TFT_LEGACY_VARIANT: 10203,
          },
        },
        FullTypeDef: {
          oneofs: {
            attr: {
              oneof: ['s', 'i'],
            },
          },
          fields: {
            type_id: { type: 'FullTypeId', id: 1 },
            args: { rule: 'repeated', type: 'FullTypeDef', id: 2 },
            s: { type: 'string', id: 3 },
            i: { type: 'int64', id: 4 },
          },
        },
        ValuesDef: {
          fields: {
            values: { rule: 'repeated', type: 'string', id: 1 },
            external_values: { keyType: 'string', type: 'string', id: 2 },
          },
        },
        ControlFlowContextDef: {
          oneofs: {
            ctxt: {
              oneof: ['cond_ctxt', 'while_ctxt'],
            },
          },
          fields: {
            cond_ctxt: { type: 'CondContextDef', id: 1 },
            while_ctxt: { type: 'WhileContextDef', id: 2 },
          },
        },
        CondContextDef: {
          fields: {
            context_name: { type: 'string', id: 1 },
            pred_name: { type: 'string', id: 2 },
            pivot_name: { type: 'string', id: 3 },
            branch: { type: 'int32', id: 4 },
            values_def: { type: 'ValuesDef', id: 5 },
            nested_contexts: { rule: 'repeated', type: 'ControlFlowContextDef', id: 6 },
          },
        },
        WhileContextDef: {
          fields: {
            context_name: { type: 'string', id: 1 },
            parallel_iterations: { type: 'int32', id: 2 },
            back_prop: { type: 'bool', id: 3 },
            swap_memory: { type: 'bool', id: 4 },
            pivot_name: { type: 'string', id: 5 },
            pivot_for_pred_name: { type: 'string', id: 6 },
            pivot_for_body_name: { type: 'string', id: 7 },
            loop_exit_names: { rule: 'repeated', type: 'string', id: 8 },
            values_def: { type: 'ValuesDef', id: 9 },
            loop_enter_names: { rule: 'repeated', type: 'string', id: 10 },
            maximum_iterations_name: { type: 'string', id: 11 },
            nested_contexts: { rule: 'repeated', type: 'ControlFlowContextDef', id: 12 },
          },
        },
        QueueRunnerDef: {
          fields: {
            queue_name: { type: 'string', id: 1 },
            enqueue_op_name: { rule: 'repeated', type: 'string', id: 2 },
            close_op_name: { type: 'string', id: 3 },
            cancel_op_name: { type: 'string', id: 4 },
            queue_closed_exception_types: { rule: 'repeated', type: 'error.Code', id: 5 },
          },
        },
        error: {
          nested: {
            Code: {
              values: {
                OK: 0,
                CANCELLED: 1,
                UNKNOWN: 2,
                INVALID_ARGUMENT: 3,
                DEADLINE_EXCEEDED: 4,
                NOT_FOUND: 5,
                ALREADY_EXISTS: 6,
                PERMISSION_DENIED: 7,
                RESOURCE_EXHAUSTED: 8,
                FAILED_PRECONDITION: 9,
                ABORTED: 10,
                OUT_OF_RANGE: 11,
                UNIMPLEMENTED: 12,
                INTERNAL: 13,
                UNAVAILABLE: 14,
                DATA_LOSS: 15,
                UNAUTHENTICATED: 16,
              },
            },
          },
        },
        Event: {
          oneofs: {
            what: {
              oneof: [
                'file_version',
                'graph_def',
                'summary',
                'log_message',
                'session_log',
                'tagged_run_metadata',
                'meta_graph_def',
              ],
            },
          },
          fields: {
            wall_time: { type: 'double', id: 1 },
            step: { type: 'int64', id: 2 },
            file_version: { type: 'string', id: 3 },
            graph_def: { type: 'bytes', id: 4 },
            summary: { type: 'Summary', id: 5 },
            log_message: { type: 'LogMessage', id: 6 },
            session_log: { type: 'SessionLog', id: 7 },
            tagged_run_metadata: { type: 'TaggedRunMetadata', id: 8 },
            meta_graph_def: { type: 'bytes', id: 9 },
            source_metadata: { type: 'SourceMetadata', id: 10 },
          },
        },
        LogMessage: {
          fields: {
            level: { type: 'Level', id: 1 },
            message: { type: 'string', id: 2 },
          },
          nested: {
            Level: {
              values: {
                UNKNOWN: 0,
                DEBUGGING: 10,
                INFO: 20,
                WARN: 30,
                ERROR: 40,
                FATAL: 50,
              },
            },
          },
        },
        SessionLog: {
          fields: {
            status: { type: 'SessionStatus', id: 1 },
            checkpoint_path: { type: 'string', id: 2 },
            msg: { type: 'string', id: 3 },
          },
          nested: {
            SessionStatus: {
              values: {
                STATUS_UNSPECIFIED: 0,
                START: 1,
                STOP: 2,
                CHECKPOINT: 3,
              },
            },
          },
        },
        TaggedRunMetadata: {
          fields: {
            tag: { type: 'string', id: 1 },
            run_metadata: { type: 'bytes', id: 2 },
          },
        },
        SourceMetadata: {
          fields: {
            writer: { type: 'string', id: 1 },
          },
        },
        Summary: {
          fields: {
            value: { rule: 'repeated', type: 'Value', id: 1 },
          },
          nested: {
            Image: {
              fields: {
                height: { type: 'int32', id: 1 },
                width: { type: 'int32', id: 2 },
                colorspace: { type: 'int32', id: 3 },
                encoded_image_string: { type: 'bytes', id: 4 },
              },
            },
            Audio: {
              fields: {
                sample_rate: { type: 'float', id: 1 },
                num_channels: { type: 'int64', id: 2 },
                length_frames: { type: 'int64', id: 3 },
                encoded_audio_string: { type: 'bytes', id: 4 },
                content_type: { type: 'string', id: 5 },
              },
            },
            Value: {
              oneofs: {
                value: {
                  oneof: ['simple_value', 'obsolete_old_style_histogram', 'image', 'histo', 'audio', 'tensor'],
                },
              },
              fields: {
                tag: { type: 'string', id: 1 },
                node_name: { type: 'string', id: 7 },
                metadata: { type: 'SummaryMetadata', id: 9 },
                simple_value: { type: 'float', id: 2 },
                obsolete_old_style_histogram: { type: 'bytes', id: 3 },
                image: { type: 'Image', id: 4 },
                histo: { type: 'HistogramProto', id: 5 },
                audio: { type: 'Audio', id: 6 },
                tensor: { type: 'TensorProto', id: 8 },
              },
            },
          },
        },
        DataClass: {
          values: {
            DATA_CLASS_UNKNOWN: 0,
            DATA_CLASS_SCALAR: 1,
            DATA_CLASS_TENSOR: 2,
            DATA_CLASS_BLOB_SEQUENCE: 3,
          },
        },
        SummaryMetadata: {
          fields: {
            plugin_data: { type: 'PluginData', id: 1 },
            display_name: { type: 'string', id: 2 },
            summary_description: { type: 'string', id: 3 },
            data_class: { type: 'DataClass', id: 4 },
          },
          nested: {
            PluginData: {
              fields: {
                plugin_name: { type: 'string', id: 1 },
                content: { type: 'bytes', id: 2 },
              },
            },
          },
        },
        HistogramProto: {
          fields: {
            min: { type: 'double', id: 1 },
            max: { type: 'double', id: 2 },
            num: { type: 'double', id: 3 },
            sum: { type: 'double', id: 4 },
            sum_squares: { type: 'double', id: 5 },
            bucket_limit: { rule: 'repeated', type: 'double', id: 6 },
            bucket: { rule: 'repeated', type: 'double', id: 7 },
          },
        },
        BytesList: {
          fields: {
            value: { rule: 'repeated', type: 'bytes', id: 1 },
          },
        },
        FloatList: {
          fields: {
            value: { rule: 'repeated', type: 'float', id: 1 },
          },
        },
        Int64List: {
          fields: {
            value: { rule: 'repeated', type: 'int64', id: 1 },
          },
        },
        Feature: {
          oneofs: {
            kind: {
              oneof: ['bytes_list', 'float_list', 'int64_list'],
            },
          },
          fields: {
            bytes_list: { type: 'BytesList', id: 1 },
            float_list: { type: 'FloatList', id: 2 },
            int64_list: { type: 'Int64List', id: 3 },
          },
        },
        Features: {
          fields: {
            feature: { keyType: 'string', type: 'Feature', id: 1 },
          },
        },
        Example: {
          fields: {
            features: { type: 'Features', id: 1 },
          },
        },
        MetaGraphDef: {
          fields: {
            meta_info_def: { type: 'MetaInfoDef', id: 1 },
            graph_def: { type: 'GraphDef', id: 2 },
            saver_def: { type: 'SaverDef', id: 3 },
            collection_def: { keyType: 'string', type: 'CollectionDef', id: 4 },
            signature_def: { keyType: 'string', type: 'SignatureDef', id: 5 },
            asset_file_def: { rule: 'repeated', type: 'AssetFileDef', id: 6 },
          },
          nested: {
            MetaInfoDef: {
              fields: {
                meta_graph_version: { type: 'string', id: 1 },
                stripped_op_list: { type: 'OpList', id: 2 },
                any_info: { type: 'google.protobuf.Any', id: 3 },
                tags: { rule: 'repeated', type: 'string', id: 4 },
                tensorflow_version: { type: 'string', id: 5 },
                tensorflow_git_version: { type: 'string', id: 6 },
                stripped_default_attrs: { type: 'bool', id: 7 },
                function_aliases: { keyType: 'string', type: 'string', id: 8 },
              },
            },
          },
        },
        SaverDef: {
          fields: {
            filename_tensor_name: { type: 'string', id: 1 },
            save_tensor_name: { type: 'string', id: 2 },
            restore_op_name: { type: 'string', id: 3 },
            max_to_keep: { type: 'int32', id: 4 },
            sharded: { type: 'bool', id: 5 },
            keep_checkpoint_every_n_hours: { type: 'float', id: 6 },
            version: { type: 'CheckpointFormatVersion', id: 7 },
          },
          nested: {
            CheckpointFormatVersion: {
              values: {
                LEGACY: 0,
                V1: 1,
                V2: 2,
              },
            },
          },
        },
        CollectionDef: {
          oneofs: {
            kind: {
              oneof: ['node_list', 'bytes_list', 'int64_list', 'float_list', 'any_list'],
            },
          },
          fields: {
            node_list: { type: 'NodeList', id: 1 },
            bytes_list: { type: 'BytesList', id: 2 },
            int64_list: { type: 'Int64List', id: 3 },
            float_list: { type: 'FloatList', id: 4 },
            any_list: { type: 'AnyList', id: 5 },
          },
          nested: {
            NodeList: {
              fields: {
                value: { rule: 'repeated', type: 'string', id: 1 },
              },
            },
            BytesList: {
              fields: {
                value: { rule: 'repeated', type: 'bytes', id: 1 },
              },
            },
            Int64List: {
              fields: {
                value: { rule: 'repeated', type: 'int64', id: 1 },
              },
            },
            FloatList: {
              fields: {
                value: { rule: 'repeated', type: 'float', id: 1 },
              },
            },
            AnyList: {
              fields: {
                value: { rule: 'repeated', type: 'google.protobuf.Any', id: 1 },
              },
            },
          },
        },
        TensorInfo: {
          oneofs: {
            encoding: {
              oneof: ['name', 'coo_sparse', 'composite_tensor'],
            },
          },
          fields: {
            name: { type: 'string', id: 1 },
            coo_sparse: { type: 'CooSparse', id: 4 },
            composite_tensor: { type: 'CompositeTensor', id: 5 },
            dtype: { type: 'DataType', id: 2 },
            tensor_shape: { type: 'TensorShapeProto', id: 3 },
          },
          nested: {
            CooSparse: {
              fields: {
                values_tensor_name: { type: 'string', id: 1 },
                indices_tensor_name: { type: 'string', id: 2 },
                dense_shape_tensor_name: { type: 'string', id: 3 },
              },
            },
            CompositeTensor: {
              fields: {
                type_spec: { type: 'TypeSpecProto', id: 1 },
                components: { rule: 'repeated', type: 'TensorInfo', id: 2 },
              },
            },
          },
        },
        TypeSpecProto: {
          fields: {
            type_spec_class: { type: 'TypeSpecClass', id: 1 },
            type_spec_class_name: { type: 'string', id: 3 },
            num_flat_components: { type: 'int32', id: 4 },
          },
          nested: {
            TypeSpecClass: {
              values: {
                UNKNOWN: 0,
                SPARSE_TENSOR_SPEC: 1,
                INDEXED_SLICES_SPEC: 2,
                RAGGED_TENSOR_SPEC: 3,
                TENSOR_ARRAY_SPEC: 4,
                DATA_DATASET_SPEC: 5,
                DATA_ITERATOR_SPEC: 6,
                OPTIONAL_SPEC: 7,
                PER_REPLICA_SPEC: 8,
                VARIABLE_SPEC: 9,
                ROW_PARTITION_SPEC: 10,
                REGISTERED_TYPE_SPEC: 12,
                EXTENSION_TYPE_SPEC: 13,
              },
            },
          },
        },
        SignatureDef: {
          fields: {
            inputs: { keyType: 'string', type: 'TensorInfo', id: 1 },
            outputs: { keyType: 'string', type: 'TensorInfo', id: 2 },
            method_name: { type: 'string', id: 3 },
            defaults: { keyType: 'string', type: 'TensorProto', id: 4 },
          },
        },
        AssetFileDef: {
          fields: {
            tensor_info: { type: 'TensorInfo', id: 1 },
            filename: { type: 'string', id: 2 },
          },
        },
        VariableSynchronization: {
          values: {
            VARIABLE_SYNCHRONIZATION_AUTO: 0,
            VARIABLE_SYNCHRONIZATION_NONE: 1,
            VARIABLE_SYNCHRONIZATION_ON_WRITE: 2,
            VARIABLE_SYNCHRONIZATION_ON_READ: 3,
          },
        },
        VariableAggregation: {
          values: {
            VARIABLE_AGGREGATION_NONE: 0,
            VARIABLE_AGGREGATION_SUM: 1,
            VARIABLE_AGGREGATION_MEAN: 2,
            VARIABLE_AGGREGATION_ONLY_FIRST_REPLICA: 3,
          },
        },
        VariableDef: {
          fields: {
            variable_name: { type: 'string', id: 1 },
            initializer_name: { type: 'string', id: 2 },
            snapshot_name: { type: 'string', id: 3 },
            save_slice_info_def: { type: 'SaveSliceInfoDef', id: 4 },
            is_resource: { type: 'bool', id: 5 },
            initial_value_name: { type: 'string', id: 6 },
            trainable: { type: 'bool', id: 7 },
            synchronization: { type: 'VariableSynchronization', id: 8 },
            aggregation: { type: 'VariableAggregation', id: 9 },
          },
        },
        SaveSliceInfoDef: {
          fields: {
            full_name: { type: 'string', id: 1 },
            full_shape: { rule: 'repeated', type: 'int64', id: 2 },
            var_offset: { rule: 'repeated', type: 'int64', id: 3 },
            var_shape: { rule: 'repeated', type: 'int64', id: 4 },
          },
        },
        CheckpointState: {
          fields: {
            model_checkpoint_path: { type: 'string', id: 1 },
            all_model_checkpoint_paths: { rule: 'repeated', type: 'string', id: 2 },
            all_model_checkpoint_timestamps: { rule: 'repeated', type: 'double', id: 3 },
            last_preserved_timestamp: { type: 'double', id: 4 },
          },
        },
        RunMetadata: {
          fields: {
            step_stats: { type: 'StepStats', id: 1 },
            cost_graph: { type: 'CostGraphDef', id: 2 },
            partition_graphs: { rule: 'repeated', type: 'GraphDef', id: 3 },
            function_graphs: { rule: 'repeated', type: 'FunctionGraphs', id: 4 },
          },
          nested: {
            FunctionGraphs: {
              fields: {
                partition_graphs: { rule: 'repeated', type: 'GraphDef', id: 1 },
                pre_optimization_graph: { type: 'GraphDef', id: 2 },
                post_optimization_graph: { type: 'GraphDef', id: 3 },
              },
            },
          },
        },
        StepStats: {
          fields: {
            dev_stats: { rule: 'repeated', type: 'DeviceStepStats', id: 1 },
          },
        },
        DeviceStepStats: {
          fields: {
            device: { type: 'string', id: 1 },
            node_stats: { rule: 'repeated', type: 'NodeExecStats', id: 2 },
            thread_names: { keyType: 'uint32', type: 'string', id: 3 },
          },
        },
        NodeExecStats: {
          fields: {
            node_name: { type: 'string', id: 1 },
            all_start_micros: { type: 'int64', id: 2 },
            op_start_rel_micros: { type: 'int64', id: 3 },
            op_end_rel_micros: { type: 'int64', id: 4 },
            all_end_rel_micros: { type: 'int64', id: 5 },
            memory: { rule: 'repeated', type: 'AllocatorMemoryUsed', id: 6 },
            output: { rule: 'repeated', type: 'NodeOutput', id: 7 },
            timeline_label: { type: 'string', id: 8 },
            scheduled_micros: { type: 'int64', id: 9 },
            thread_id: { type: 'uint32', id: 10 },
            referenced_tensor: { rule: 'repeated', type: 'AllocationDescription', id: 11 },
            memory_stats: { type: 'MemoryStats', id: 12 },
            all_start_nanos: { type: 'int64', id: 13 },
            op_start_rel_nanos: { type: 'int64', id: 14 },
            op_end_rel_nanos: { type: 'int64', id: 15 },
            all_end_rel_nanos: { type: 'int64', id: 16 },
            scheduled_nanos: { type: 'int64', id: 17 },
          },
        },
        AllocatorMemoryUsed: {
          fields: {
            allocator_name: { type: 'string', id: 1 },
            total_bytes: { type: 'int64', id: 2 },
            peak_bytes: { type: 'int64', id: 3 },
            live_bytes: { type: 'int64', id: 4 },
            allocator_bytes_in_use: { type: 'int64', id: 5 },
            allocation_records: { rule: 'repeated', type: 'AllocationRecord', id: 6 },
          },
        },
        AllocationRecord: {
          fields: {
            alloc_micros: { type: 'int64', id: 1 },
            alloc_bytes: { type: 'int64', id: 2 },
          },
        },
        NodeOutput: {
          fields: {
            slot: { type: 'int32', id: 1 },
            tensor_description: { type: 'TensorDescription', id: 3 },
          },
        },
        TensorDescription: {
          fields: {
            dtype: { type: 'DataType', id: 1 },
            shape: { type: 'TensorShapeProto', id: 2 },
            allocation_description: { type: 'AllocationDescription', id: 4 },
          },
        },
        AllocationDescription: {
          fields: {
            requested_bytes: { type: 'int64', id: 1 },
            allocated_bytes: { type: 'int64', id: 2 },
            allocator_name: { type: 'string', id: 3 },
            allocation_id: { type: 'int64', id: 4 },
            has_single_reference: { type: 'bool', id: 5 },
            ptr: { type: 'uint64', id: 6 },
          },
        },
        MemoryStats: {
          fields: {
            temp_memory_size: { type: 'int64', id: 1 },
            persistent_memory_size: { type: 'int64', id: 3 },
            persistent_tensor_alloc_ids: { rule: 'repeated', type: 'int64', id: 5 },
          },
        },
        CostGraphDef: {
          fields: {
            node: { rule: 'repeated', type: 'Node', id: 1 },
            cost: { rule: 'repeated', type: 'AggregatedCost', id: 2 },
          },
          nested: {
            Node: {
              fields: {
                name: { type: 'string', id: 1 },
                device: { type: 'string', id: 2 },
                id: { type: 'int32', id: 3 },
                input_info: { rule: 'repeated', type: 'InputInfo', id: 4 },
                output_info: { rule: 'repeated', type: 'OutputInfo', id: 5 },
                temporary_memory_size: { type: 'int64', id: 6 },
                is_final: { type: 'bool', id: 7 },
                control_input: { rule: 'repeated', type: 'int32', id: 8 },
                compute_cost: { type: 'int64', id: 9 },
                persistent_memory_size: { type: 'int64', id: 12 },
                compute_time: { type: 'int64', id: 14 },
                memory_time: { type: 'int64', id: 15 },
                inaccurate: { type: 'bool', id: 17 },
              },
              nested: {
                InputInfo: {
                  fields: {
                    preceding_node: { type: 'int32', id: 1 },
                    preceding_port: { type: 'int32', id: 2 },
                  },
                },
                OutputInfo: {
                  fields: {
                    size: { type: 'int64', id: 1 },
                    alias_input_port: { type: 'int64', id: 2 },
                    shape: { type: 'TensorShapeProto', id: 3 },
                    dtype: { type: 'DataType', id: 4 },
                  },
                },
              },
            },
            AggregatedCost: {
              fields: {
                cost: { type: 'float', id: 1 },
                dimension: { type: 'string', id: 2 },
              },
            },
          },
        },
        SavedModel: {
          fields: {
            saved_model_schema_version: { type: 'int64', id: 1 },
            meta_graphs: { rule: 'repeated', type: 'MetaGraphDef', id: 2 },
          },
        },
        SavedSliceMeta: {
          fields: {
            name: { type: 'string', id: 1 },
            shape: { type: 'TensorShapeProto', id: 2 },
            type: { type: 'DataType', id: 3 },
            slice: { rule: 'repeated', type: 'TensorSliceProto', id: 4 },
          },
        },
        SavedTensorSliceMeta: {
          fields: {
            tensor: { rule: 'repeated', type: 'SavedSliceMeta', id: 1 },
            versions: { type: 'VersionDef', id: 2 },
          },
        },
        SavedTensorSlices: {
          fields: {
            meta: { type: 'SavedTensorSliceMeta', id: 1 },
          },
        },
        BundleHeaderProto: {
          fields: {
            num_shards: { type: 'int32', id: 1 },
            endianness: { type: 'Endianness', id: 2 },
            version: { type: 'VersionDef', id: 3 },
          },
          nested: {
            Endianness: {
              values: {
                LITTLE: 0,
                BIG: 1,
              },
            },
          },
        },
        BundleEntryProto: {
          fields: {
            dtype: { type: 'DataType', id: 1 },
            shape: { type: 'TensorShapeProto', id: 2 },
            shard_id: { type: 'int32', id: 3 },
            offset: { type: 'int64', id: 4 },
            size: { type: 'int64', id: 5 },
            crc32c: { type: 'fixed32', id: 6 },
            slices: { rule: 'repeated', type: 'TensorSliceProto', id: 7 },
          },
        },
        TensorSliceProto: {
          fields: {
            extent: { rule: 'repeated', type: 'Extent', id: 1 },
          },
          nested: {
            Extent: {
              oneofs: {
                has_length: {
                  oneof: ['length'],
                },
              },
              fields: {
                start: { type: 'int64', id: 1 },
                length: { type: 'int64', id: 2 },
              },
            },
          },
        },
        PrCurvePluginData: {
          fields: {
            version: { type: 'int32', id: 1 },
            num_thresholds: { type: 'uint32', id: 2 },
          },
        },
        HParamsPluginData: {
          oneofs: {
            data: {
              oneof: ['experiment', 'session_start_info', 'session_end_info'],
            },
          },
          fields: {
            version: { type: 'int32', id: 1 },
            experiment: { type: 'HParamsExperiment', id: 2 },
            session_start_info: { type: 'HParamsSessionStart', id: 3 },
            session_end_info: { type: 'HParamsSessionEnd', id: 4 },
          },
        },
        HParamsExperiment: {
          fields: {
            time_created_secs: { type: 'double', id: 3 },
            hparam_infos: { rule: 'repeated', type: 'HParam', id: 4 },
            metric_infos: { rule: 'repeated', type: 'Metric', id: 5 },
          },
          nested: {
            HParam: {
              fields: {
                name: { type: 'string', id: 1 },
                type: { type: 'HParamType', id: 4 },
              },
            },
            Metric: {
              fields: {
                name: { type: 'Name', id: 1 },
              },
              nested: {
                Name: {
                  fields: {
                    group: { type: 'string', id: 1 },
                    tag: { type: 'string', id: 2 },
                  },
                },
              },
            },
          },
        },
        HParamType: {
          values: {
            DATA_TYPE_UNSET: 0,
            DATA_TYPE_STRING: 1,
            DATA_TYPE_BOOL: 2,
            DATA_TYPE_FLOAT64: 3,
          },
        },
        HParamsSessionStart: {
          fields: {
            hparams: { keyType: 'string', type: 'Value', id: 1 },
            group_name: { type: 'string', id: 4 },
            start_time_secs: { type: 'double', id: 5 },
          },
          nested: {
            Value: {
              oneofs: {
                kind: {
                  oneof: ['number_value', 'string_value', 'bool_value'],
                },
              },
              fields: {
                number_value: { type: 'double', id: 2 },
                string_value: { type: 'string', id: 3 },
                bool_value: { type: 'bool', id: 4 },
              },
            },
          },
        },
        HParamsSessionEnd: {
          fields: {
            status: { type: 'Status', id: 1 },
            end_time_secs: { type: 'double', id: 2 },
          },
          nested: {
            Status: {
              values: {
                STATUS_UNKNOWN: 0,
                STATUS_SUCCESS: 1,
                STATUS_FAILURE: 2,
                STATUS_RUNNING: 3,
              },
            },
          },
        },
      },
    },
  },
};
