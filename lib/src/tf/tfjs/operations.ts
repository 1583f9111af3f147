/**
 * The operations that TensorFlow.js supports. tests/tfjs/operations.test.ts compares this list with the installed
 * converter.
 */
import type { GraphDef, NodeDef } from '../../protos';
import { UnimplementedError } from '../../runtime/errors';
import { nodeOf } from '../graphUtil/names';

const NAMES = `
  Abs Acos Acosh Add AddN AddV2 All Any ArgMax ArgMin Asin Asinh Atan Atan2 Atanh AvgPool AvgPool3D BatchMatMul BatchMatMulV2
  BatchToSpaceND BiasAdd Bincount BitwiseAnd BroadcastArgs BroadcastTo Cast Ceil ClipByValue Complex ComplexAbs Concat ConcatV2
  Const Conv1D Conv2D Conv2DBackpropInput Conv3D Cos Cosh CropAndResize Cumprod Cumsum DenseBincount DepthToSpace DepthwiseConv2d
  DepthwiseConv2dNative Dilation2D Div DivNoNan Einsum Elu EmptyTensorList EnsureShape Enter Equal Erf EuclideanNorm Exit Exp
  ExpandDims Expm1 FFT FakeQuantWithMinMaxVars Fill Floor FloorDiv FloorMod FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3
  FusedDepthwiseConv2dNative Gather GatherNd GatherV2 Greater GreaterEqual HashTable HashTableV2 IFFT IRFFT Identity IdentityN If
  Imag ImageProjectiveTransformV3 InitializeTable InitializeTableV2 IsFinite IsInf IsNan LRN LeakyRelu Less LessEqual LinSpace
  ListDiff Log Log1p LogSoftmax LogicalAnd LogicalNot LogicalOr LookupTableFind LookupTableFindV2 LookupTableImport
  LookupTableImportV2 LookupTableSize LookupTableSizeV2 LoopCond LowerBound MatMul MatrixBandPart Max MaxPool MaxPool3D
  MaxPoolWithArgmax Maximum Mean Merge Min Minimum MirrorPad Mod Mul Multinomial Neg NextIteration NoOp NonMaxSuppressionV2
  NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5 NotEqual OneHot Ones OnesLike Pack Pad PadV2 Placeholder
  PlaceholderWithDefault Pow Prelu Print Prod RFFT RandomStandardNormal RandomUniform RandomUniformInt Range Rank Real RealDiv
  Reciprocal Relu Relu6 Reshape ResizeBilinear ResizeNearestNeighbor Reverse ReverseV2 Round Rsqrt ScatterNd Select SelectV2 Selu
  Shape ShapeN Sigmoid Sign Sin Sinh Size Slice Snapshot Softmax Softplus SpaceToBatchND SparseFillEmptyRows SparseReshape
  SparseSegmentMean SparseSegmentSum SparseToDense Split SplitV Sqrt Square SquaredDifference Squeeze StatelessIf StatelessWhile
  StaticRegexReplace StopGradient StridedSlice StringNGrams StringSplit StringToHashBucketFast Sub Sum Switch Tan Tanh
  TensorArrayCloseV3 TensorArrayConcatV3 TensorArrayGatherV3 TensorArrayReadV3 TensorArrayScatterV3 TensorArraySizeV3
  TensorArraySplitV3 TensorArrayV3 TensorArrayWriteV3 TensorListConcat TensorListConcatV2 TensorListFromTensor TensorListGather
  TensorListGetItem TensorListLength TensorListPopBack TensorListPushBack TensorListReserve TensorListResize TensorListScatter
  TensorListScatterV2 TensorListSetItem TensorListSplit TensorListStack TensorScatterUpdate Tile TopKV2 Transpose TruncatedNormal
  Unique UniqueV2 Unpack UpperBound Where While Zeros ZerosLike _FusedConv2D _FusedMatMul
`;

/**
 * The types of operations that TensorFlow.js 4.22 supports.
 *
 * @example
 * tf.tfjs.operations.includes('Conv2D'); // true
 */
export const operations: readonly string[] = NAMES.trim().split(/\s+/);

const RUNNABLE: ReadonlySet<string> = new Set(operations);

/** Operations that TensorFlow.js has, but that need more than a graph and its weights: the contents of a table. */
const NEED_TABLES = /^(HashTable|InitializeTable|LookupTable)/;

/**
 * Checks that TensorFlow.js can run a graph.
 *
 * @throws {UnimplementedError} when it can't; the message lists unsupported operations, their locations, and similar
 * supported ones
 */
export function checkRunnable({ node, library }: GraphDef): void {
  const objections = [
    ...objectionsTo(node, ''),
    ...(library?.function ?? []).flatMap(({ signature, nodeDef }) =>
      objectionsTo(nodeDef, ` in the function '${signature?.name}'`),
    ),
  ];
  if (objections.length === 0) return;
  const [shown, others] = [objections.slice(0, MOST_SHOWN), objections.length - MOST_SHOWN];
  const more = others > 0 ? `; and ${others} more` : '';
  throw new UnimplementedError(
    `TensorFlow.js can't run ${shown.join('; nor ')}${more}: choose outputs that need none of this, or build them of operations in tf.tfjs.operations`,
  );
}

/** The maximum number of operations listed in an error. */
const MOST_SHOWN = 5;

function objectionsTo(nodes: readonly NodeDef[], place: string): string[] {
  const takers = new Map<string, string>();
  for (const { name, input } of nodes) for (const taken of input) takers.set(nodeOf(taken), name);
  return nodes.flatMap((node) => {
    const why = objectionTo(node);
    if (why === undefined) return [];
    const taker = takers.get(node.name);
    return [`'${node.name}' (${node.op})${place}${taker ? `, which '${taker}' takes,` : ''} ${why}`.trimEnd()];
  });
}

/** Why a node can't be run; '' if the reason is only that it is unsupported, undefined if it can be run. */
function objectionTo({ op, attr }: NodeDef): string | undefined {
  if (NEED_TABLES.test(op)) return 'since what is in tables is not exported';
  if (op.startsWith('FusedBatchNorm') && attr.is_training?.b !== false)
    return 'as in training, with the moments of the batch (isTraining: false is for answers)';
  if (RUNNABLE.has(op)) return undefined;
  const like = kin(op);
  return like.length > 0 ? `(it has ${like.join(', ')})` : '';
}

/** The supported types that share a word, or the beginning, with another type. */
function kin(op: string): string[] {
  const words = wordsOf(op);
  return operations
    .filter((other) => wordsOf(other).some((word) => words.includes(word)) || other.slice(0, 4) === op.slice(0, 4))
    .slice(0, MOST_KIN);
}

const MOST_KIN = 6;

const wordsOf = (op: string) => (op.match(/[A-Z][a-z]+|[A-Z]+(?![a-z])/g) ?? []).filter((word) => word.length > 2);
