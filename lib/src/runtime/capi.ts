/**
 * The functions of libtensorflow's C API that this library calls, as one table of typed functions. The first call of
 * {@link capi} loads libtensorflow.
 *
 * Nothing here validates anything. libtensorflow trusts its caller, and a wrong pointer or size aborts the process, so
 * the layers above validate before they call.
 *
 * @see tensorflow/c/c_api.h, tf_tensor.h and tf_status.h in TensorFlow's sources
 */
import { denormals } from './denormals';
import { giveBackInPauses, giveBackWhatLoadingRead } from './freedMemory';
import { koffi, type NativeLibrary, type NativeType } from './koffi';
import { keepLoaded, leaveWithoutDestructors } from './lifetime';
import { libraryLoadedAhead } from './loadAhead';
import { locateLibrary } from './locate';
import { prepareEnvironment } from './nativeEnvironment';
import { leaveSignalsToOtherThreads, profiling } from './signals';

/** An address; 0 (or `null`, if returned) is the null pointer. */
export type Pointer = bigint;

/** A pointer argument: an address, a typed array's memory, or null. */
export type Memory = Pointer | ArrayBufferView | null;

/** `TF_Output`: one output of an operation. */
export interface Output {
  readonly oper: Pointer;
  readonly index: number;
}

type Async<A extends unknown[], R> = (...args: [...A, (error: Error | null, result: R) => void]) => void;
type Native<A extends unknown[], R> = ((...args: A) => R) & { async: Async<A, R> };

export type CApi = ReturnType<typeof bind>;

let bound: CApi | undefined;

/**
 * The C API, loaded by the first call.
 *
 * @throws {NotFoundError} when no libtensorflow is found
 */
export function capi(): CApi {
  bound ??= bind();
  return bound;
}

function bind() {
  const ffi = koffi();
  const libc = ffi.load(null);
  const { logLevel } = prepareEnvironment();

  const { main, framework } = libraryLoadedAhead() ?? locateLibrary();
  const first = framework === undefined ? undefined : ffi.load(framework, { global: true });
  const library = ffi.load(main);
  setMinLogLevel(first ?? library, logLevel);
  const native = <A extends unknown[], R>(prototype: string) => library.func(prototype) as unknown as Native<A, R>;
  // TF_Output { TF_Operation *oper; int index; }, for functions that take it by value.
  const pointer = ffi.pointer('void');
  const output = ffi.struct({ oper: pointer, index: 'int' });
  const outputs = <A extends unknown[], R>(name: string, result: string, parameters: NativeType[]) =>
    library.func(name, result, parameters) as unknown as Native<A, R>;
  if (framework !== undefined) keepLoaded(framework);
  const handle = keepLoaded(main);
  leaveWithoutDestructors(libc);
  leaveSignalsToOtherThreads(libc);
  giveBackInPauses(libc);
  giveBackWhatLoadingRead(libc, { main, framework });
  const memcpy = libc.func<unknown>('void *memcpy(void *, const void *, size_t)');

  return {
    /** Copies bytes between native and JavaScript memory. */
    memcpy: memcpy as unknown as (to: Memory, from: Memory, bytes: number) => unknown,
    malloc: libc.func<Pointer | null>('void *malloc(size_t)'),
    free: libc.func<void>('void free(void *)'),
    /** The address of a function of libtensorflow, for a call in another thread. */
    addressOf: (name: string) => libc.func<Pointer>('void *dlsym(void *, const char *)')(handle, name),
    ...denormals(libc),
    ...profiling(libc),
    version: native<[], string>('const char *TF_Version()'),

    newStatus: native<[], Pointer>('void *TF_NewStatus()'),
    deleteStatus: native<[Pointer], void>('void TF_DeleteStatus(void *)'),
    getCode: native<[Pointer], number>('int TF_GetCode(void *)'),
    message: native<[Pointer], string>('const char *TF_Message(void *)'),

    newBuffer: native<[], Pointer>('void *TF_NewBuffer()'),
    newBufferFromString: native<[Memory, number], Pointer>('void *TF_NewBufferFromString(const void *, size_t)'),
    deleteBuffer: native<[Pointer], void>('void TF_DeleteBuffer(void *)'),

    allocateTensor: native<[number, Memory, number, number], Pointer | null>(
      'void *TF_AllocateTensor(int, const void *, int, size_t)',
    ),
    tensorFromProto: native<[Pointer, Pointer, Pointer], void>('void TF_TensorFromProto(void *, void *, void *)'),
    deleteTensor: native<[Pointer], void>('void TF_DeleteTensor(void *)'),
    tensorType: native<[Pointer], number>('int TF_TensorType(void *)'),
    numDims: native<[Pointer], number>('int TF_NumDims(void *)'),
    dim: native<[Pointer, number], number>('int64_t TF_Dim(void *, int)'),
    tensorData: native<[Pointer], Pointer>('void *TF_TensorData(void *)'),
    tensorByteSize: native<[Pointer], number>('size_t TF_TensorByteSize(void *)'),
    stringGetDataPointer: native<[Pointer], Pointer>('void *TF_StringGetDataPointer(const void *)'),
    stringGetSize: native<[Pointer], number>('size_t TF_StringGetSize(const void *)'),

    newGraph: native<[], Pointer>('void *TF_NewGraph()'),
    deleteGraph: native<[Pointer], void>('void TF_DeleteGraph(void *)'),
    graphGetOpDef: native<[Pointer, string, Pointer, Pointer], void>(
      'void TF_GraphGetOpDef(void *, const char *, void *, void *)',
    ),
    graphNumFunctions: native<[Pointer], number>('int TF_GraphNumFunctions(void *)'),
    graphToGraphDef: native<[Pointer, Pointer, Pointer], void>('void TF_GraphToGraphDef(void *, void *, void *)'),
    graphNextOperation: native<[Pointer, Memory], Pointer | null>('void *TF_GraphNextOperation(void *, void *)'),
    graphGetTensorNumDims: outputs<[Pointer, Output, Pointer], number>('TF_GraphGetTensorNumDims', 'int', [
      pointer,
      output,
      pointer,
    ]),
    graphGetTensorShape: outputs<[Pointer, Output, Memory, number, Pointer], void>('TF_GraphGetTensorShape', 'void', [
      pointer,
      output,
      pointer,
      'int',
      pointer,
    ]),
    graphSetTensorShape: outputs<[Pointer, Output, Memory, number, Pointer], void>('TF_GraphSetTensorShape', 'void', [
      pointer,
      output,
      pointer,
      'int',
      pointer,
    ]),
    addGradientsWithPrefix: native<
      [Pointer, string | null, Memory, number, Memory, number, Memory, Pointer, Memory],
      void
    >('void TF_AddGradientsWithPrefix(void *, const char *, void *, int, void *, int, void *, void *, void *)'),

    newOperation: native<[Pointer, string, string], Pointer>(
      'void *TF_NewOperation(void *, const char *, const char *)',
    ),
    setDevice: native<[Pointer, string], void>('void TF_SetDevice(void *, const char *)'),
    addInput: outputs<[Pointer, Output], void>('TF_AddInput', 'void', [pointer, output]),
    addInputList: native<[Pointer, Memory, number], void>('void TF_AddInputList(void *, void *, int)'),
    addControlInput: native<[Pointer, Pointer], void>('void TF_AddControlInput(void *, void *)'),
    setAttrValueProto: native<[Pointer, string, Memory, number, Pointer], void>(
      'void TF_SetAttrValueProto(void *, const char *, const void *, size_t, void *)',
    ),
    setAttrTensor: native<[Pointer, string, Pointer, Pointer], void>(
      'void TF_SetAttrTensor(void *, const char *, void *, void *)',
    ),
    finishOperation: native<[Pointer, Pointer], Pointer | null>('void *TF_FinishOperation(void *, void *)'),

    operationName: native<[Pointer], string>('const char *TF_OperationName(void *)'),
    operationOpType: native<[Pointer], string>('const char *TF_OperationOpType(void *)'),
    operationDevice: native<[Pointer], string>('const char *TF_OperationDevice(void *)'),
    operationNumOutputs: native<[Pointer], number>('int TF_OperationNumOutputs(void *)'),
    operationOutputType: outputs<[Output], number>('TF_OperationOutputType', 'int', [output]),
    operationNumInputs: native<[Pointer], number>('int TF_OperationNumInputs(void *)'),
    operationAllInputs: native<[Pointer, Memory, number], void>('void TF_OperationAllInputs(void *, void *, int)'),
    operationNumControlInputs: native<[Pointer], number>('int TF_OperationNumControlInputs(void *)'),
    operationGetControlInputs: native<[Pointer, Memory, number], number>(
      'int TF_OperationGetControlInputs(void *, void *, int)',
    ),
    operationOutputNumConsumers: outputs<[Output], number>('TF_OperationOutputNumConsumers', 'int', [output]),
    operationOutputConsumers: outputs<[Output, Memory, number], number>('TF_OperationOutputConsumers', 'int', [
      output,
      pointer,
      'int',
    ]),
    operationGetAttrValueProto: native<[Pointer, string, Pointer, Pointer], void>(
      'void TF_OperationGetAttrValueProto(void *, const char *, void *, void *)',
    ),
    operationGetAttrTensor: native<[Pointer, string, Memory, Pointer], void>(
      'void TF_OperationGetAttrTensor(void *, const char *, void *, void *)',
    ),
    operationToNodeDef: native<[Pointer, Pointer, Pointer], void>('void TF_OperationToNodeDef(void *, void *, void *)'),

    newImportGraphDefOptions: native<[], Pointer>('void *TF_NewImportGraphDefOptions()'),
    deleteImportGraphDefOptions: native<[Pointer], void>('void TF_DeleteImportGraphDefOptions(void *)'),
    importSetPrefix: native<[Pointer, string], void>('void TF_ImportGraphDefOptionsSetPrefix(void *, const char *)'),
    importSetUniquifyNames: native<[Pointer, number], void>(
      'void TF_ImportGraphDefOptionsSetUniquifyNames(void *, uchar)',
    ),
    importAddInputMapping: outputs<[Pointer, string, number, Output], void>(
      'TF_ImportGraphDefOptionsAddInputMapping',
      'void',
      [pointer, 'const char *', 'int', output],
    ),
    importAddReturnOutput: native<[Pointer, string, number], void>(
      'void TF_ImportGraphDefOptionsAddReturnOutput(void *, const char *, int)',
    ),
    importAddReturnOperation: native<[Pointer, string], void>(
      'void TF_ImportGraphDefOptionsAddReturnOperation(void *, const char *)',
    ),
    importAddControlDependency: native<[Pointer, Pointer], void>(
      'void TF_ImportGraphDefOptionsAddControlDependency(void *, void *)',
    ),
    importGraphDef: native<[Pointer, Pointer, Pointer, Pointer], Pointer | null>(
      'void *TF_GraphImportGraphDefWithResults(void *, void *, void *, void *)',
    ),
    importResultsReturnOutputs: native<[Pointer, Memory, Memory], void>(
      'void TF_ImportGraphDefResultsReturnOutputs(void *, void *, void *)',
    ),
    importResultsReturnOperations: native<[Pointer, Memory, Memory], void>(
      'void TF_ImportGraphDefResultsReturnOperations(void *, void *, void *)',
    ),
    deleteImportGraphDefResults: native<[Pointer], void>('void TF_DeleteImportGraphDefResults(void *)'),

    newSessionOptions: native<[], Pointer>('void *TF_NewSessionOptions()'),
    deleteSessionOptions: native<[Pointer], void>('void TF_DeleteSessionOptions(void *)'),
    setConfig: native<[Pointer, Memory, number, Pointer], void>(
      'void TF_SetConfig(void *, const void *, size_t, void *)',
    ),
    setTarget: native<[Pointer, string], void>('void TF_SetTarget(void *, const char *)'),
    newSession: native<[Pointer, Pointer, Pointer], Pointer | null>('void *TF_NewSession(void *, void *, void *)'),
    closeSession: native<[Pointer, Pointer], void>('void TF_CloseSession(void *, void *)'),
    deleteSession: native<[Pointer, Pointer], void>('void TF_DeleteSession(void *, void *)'),
    sessionListDevices: native<[Pointer, Pointer], Pointer | null>('void *TF_SessionListDevices(void *, void *)'),
    deviceListCount: native<[Pointer], number>('int TF_DeviceListCount(void *)'),
    deviceListName: native<[Pointer, number, Pointer], string>('const char *TF_DeviceListName(void *, int, void *)'),
    deviceListType: native<[Pointer, number, Pointer], string>('const char *TF_DeviceListType(void *, int, void *)'),
    deleteDeviceList: native<[Pointer], void>('void TF_DeleteDeviceList(void *)'),
    sessionRun: native<
      // session, run options, feeds, their values, count, fetches, their values, count, targets, count, metadata,
      // status
      [
        Pointer,
        Pointer | null,
        Memory,
        Memory,
        number,
        Memory,
        Memory,
        number,
        Memory,
        number,
        Pointer | null,
        Pointer,
      ],
      void
    >('void TF_SessionRun(void *, void *, void *, void *, int, void *, void *, int, void *, int, void *, void *)'),

    newServer: native<[Memory, number, Pointer], Pointer | null>('void *TF_NewServer(const void *, size_t, void *)'),
    serverStart: native<[Pointer, Pointer], void>('void TF_ServerStart(void *, void *)'),
    serverTarget: native<[Pointer], string>('const char *TF_ServerTarget(void *)'),
    // TF_ServerStop does nothing once a server has started, TF_ServerJoin never returns, and TF_DeleteServer aborts the
    // process.
  };
}

/** The releases of Abseil with which libtensorflow 2.12 to 2.21 is built; their date is part of every symbol. */
const ABSEIL_RELEASES = ['20220623', '20230125', '20230802', '20240116', '20240722', '20250127', '20250512'];

/**
 * Sets the log level of Abseil, which parts of libtensorflow use, and which ignores `TF_CPP_MIN_LOG_LEVEL`; the levels
 * have the same numbers. If the function of this release isn't found, some warnings are still logged.
 */
function setMinLogLevel(library: NativeLibrary, level: number): void {
  for (const release of ABSEIL_RELEASES) {
    try {
      library.func(`_ZN4absl12lts_${release}14SetMinLogLevelENS0_18LogSeverityAtLeastE`, 'void', ['int'])(level);
      return;
    } catch {
      // Another release.
    }
  }
}
