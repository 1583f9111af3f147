import { describe, expect, it } from 'vitest';
import type { Codec } from './codec';
import {
  AttrValue,
  ConfigProto,
  Event,
  GraphDebugInfo,
  GraphDef,
  JobDef,
  MetaGraphDef,
  NodeDef,
  OpList,
  QueueRunnerDef,
  RunMetadata,
  RunOptions,
  ServerDef,
  Summary,
  TensorProto,
  TensorShapeProto,
  VariableDef,
} from './index';

/** What Python's TensorFlow 2.15 wrote, in hexadecimal: every field that we know is set in one of these. */
const attrValues = {
  s: '120453414d45',
  i: '1880808080808080808001',
  f: '250000003f',
  b: '2800',
  type: '3009',
  shape: '3a1a120b08ffffffffffffffffff01120b0890061206706978656c73',
  unknownRank: '3a021801',
  tensor: '421c080912041202080252128180808080808010ffffffffffffffffff01',
  list: '0a2e1201611201621a0d01feffffffffffffffff01ac0222040000c03f2a020100320201073a04120208034a030a0167',
  emptyList: '0a00',
  placeholder: '4a0154',
  func: '520c0a016612070a015412023001',
};
const events = {
  fileVersion: '0900001040fc54d9411a0d627261696e2e4576656e743a3252030a0177',
  summary:
    '09000000000000f83f10ffffffffffffff0f2ac9010a290a046c6f737315000000003a016e4a190a0c0a077363616c61727312016312044c6f73731a016420010a100a0169220b0801100218032203706e670a560a01682a5109000000000000f0bf11000000000000f03f19000000000000084021000000000000e03f29000000000000004032100000000000000000000000000000f03f3a10000000000000f03f00000000000000400a1e0a016132190d00442c471002180522037761762a09617564696f2f7761760a0a0a0174420508074201780a060a016f1a0171',
  graphDef: '22020a00',
  logMessage: '3205081e12016d',
  sessionLog: '10ffffffffffffffffff013a0808031201701a016d',
  taggedRunMetadata: '420a0a057374657031120172',
  metaGraphDef: '4a016d',
};
const others = {
  TensorProto:
    '08131204120208011802220201ff2a08cdcccc3d0000008032089a9999999999b93f3a0bffffffffffffffffff0107420200ff4a080000803f00000040520afbffffffffffffffff015a0201006210000000000000084000000000000010406a028078820105ffffffff0f8a010affffffffffffffffff01',
  ConfigProto:
    '0a070a0343505510011001180322072f6a6f623a707328ffffffffffffffffff01320e09000000000000d03f20012a013038014001480152181a0d18ffffffffffffffffff01280252071802600298010158e0d4036205080212017072130a110a06776f726b6572120708011203623a327801880101',
  RunOptions: '080310dc0b18ffffffffffffffffff0128013801',
  RunMetadata:
    '0ab3010ab0010a062f6370753a30129e010a016e108080f9c0c1c48203180120022803321e0a03637075108020188020200c2805320d080610f9ffffffffffffffff013a2608011a2208011204120208032218080c10401a036370752008280130ffffffffffffffffff01420d6e203d2041646428612c206229488180f9c0c1c4820350ffffffff0f62080809180a2a020102688180a8b1e39fe7cb17700b780c80010d88018380a8b1e39fe7cb171a05080712017412490a380a016e12062f6370753a3018012204080210032a1c08ffffffffffffffffff0110ffffffffffffffffff011a021801200138014201054804120d0d0000003f12066d656d6f72791a0b0a090a016e12044e6f4f70',
  GraphDef:
    '0a2c0a0178120b506c616365686f6c64657222062f6370753a302a0b0a0564747970651202300132050a036f6c640a210a017912034e65671a01781a025e782a070a0154120230013a070803120308e8071299010a84010a1d0a016612060a01612201541a050a0162180122090a01541204747970651a100a016e12084964656e746974791a0161220f0a0162120a6e3a6f75747075743a302a0f0a095f6e6f696e6c696e651202280132060a016312016e3a210800121d0a1b0a145f757365725f7370656369666965645f6e616d65120312016142040802100312070a0166120264661a070a026467120147220a08ca0b100c1a0303ac022a060a04612e7079',
  OpList:
    '0a640a044361737412150a01781201642204537263542a014e32014c8001011a050a0179180122100a014e1203696e741a0218022801300122110a01541204747970653a060a04320201132a01734206080912026e6f800101880101900101980101a2010163',
  MetaGraphDef:
    '0a2e0a017612080a060a044e6f4f701a030a01752205747261696e2a06322e31352e31320167380142060a0161120162120b0a090a016e12044e6f4f701a460a0c736176652f436f6e73743a301219736176652f636f6e74726f6c5f646570656e64656e63793a301a10736176652f726573746f72655f616c6c200528013500401c46380222140a016b120f1a0d0a0b01ffffffffffffffffff01220d0a016c120822060a040000003f220f0a016d120a2a080a060a0174120176221f0a08747261696e5f6f7012130a110a0f4772616469656e7444657363656e7422130a097661726961626c6573120612040a0200ff2a4b0a0f73657276696e675f64656661756c7412380a1b0a017812160a03783a3010011a0d120b08ffffffffffffffffff0112100a0179120b22090a01761201691a01641a077072656469637432120a050a03613a301209766f6361622e747874',
  VariableDef:
    '0a03773a301208772f41737369676e1a08772f726561643a30220f0a0177120204021a0202002202020228013203693a30380140034802',
  GraphDebugInfo:
    '0a04612e7079220d090c0000000000000012021001221109010000000000008012060800100318042a0c0a0178110700000000000000321d0907000000000000001212121001000000000000800c00000000000000',
  QueueRunnerDef: '0a01712a020b01',
  ServerDef: '0a0f0a0d0a027073120708001203613a31120270731801220238012a046772706330054006',
};

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const utf8 = (text: string) => new Uint8Array(Buffer.from(text));

describe('a message that Python wrote', () => {
  const codecs: Record<keyof typeof others, Codec<object>> = {
    TensorProto,
    ConfigProto,
    RunOptions,
    RunMetadata,
    GraphDef,
    OpList,
    MetaGraphDef,
    VariableDef,
    GraphDebugInfo,
    QueueRunnerDef,
    ServerDef,
  };
  const all: [string, Codec<object>, string][] = [
    ...Object.entries(attrValues).map(([kind, hex]): [string, Codec<object>, string] => [
      `AttrValue ${kind}`,
      AttrValue,
      hex,
    ]),
    ...Object.entries(events).map(([kind, hex]): [string, Codec<object>, string] => [`Event ${kind}`, Event, hex]),
    ...Object.entries(others).map(([name, hex]): [string, Codec<object>, string] => [
      name,
      codecs[name as keyof typeof others],
      hex,
    ]),
  ];

  it.each(all)('has the same bytes after decoding and encoding: %s', (_, codec, hex) => {
    expect(toHex(codec.encode(codec.decode(fromHex(hex))))).toBe(hex);
  });

  it('is refused when it is cut off', () => {
    const bytes = fromHex(others.GraphDef);
    expect(() => GraphDef.decode(bytes.subarray(0, bytes.length - 1))).toThrow(/^cannot decode GraphDef: /);
    expect(() => AttrValue.decode(fromHex('18808080'))).toThrow(
      'cannot decode AttrValue: an integer is cut off at byte 4',
    );
    expect(() => AttrValue.decode(fromHex('18ffffffffffffffffffff01'))).toThrow(/more than ten bytes/);
  });
});

describe('AttrValue', () => {
  const decode = (kind: keyof typeof attrValues) => AttrValue.decode(fromHex(attrValues[kind]));

  it('has exactly the field that is set', () => {
    expect(decode('s')).toEqual({ s: utf8('SAME') });
    expect(decode('f')).toEqual({ f: 0.5 });
    expect(decode('b')).toEqual({ b: false });
    expect(decode('type')).toEqual({ type: 9 });
    expect(decode('placeholder')).toEqual({ placeholder: 'T' });
    expect(decode('func')).toEqual({ func: { name: 'f', attr: { T: { type: 1 } } } });
  });

  it('holds shapes with unknown dimensions and of unknown rank', () => {
    const dim = [
      { size: -1, name: '' },
      { size: 784, name: 'pixels' },
    ];
    expect(decode('shape')).toEqual({ shape: { dim, unknownRank: false } });
    expect(decode('unknownRank')).toEqual({ shape: { dim: [], unknownRank: true } });
  });

  it('tells an empty list from none', () => {
    expect(decode('emptyList').list?.i).toEqual([]);
    expect(decode('s').list).toBeUndefined();
    expect(toHex(AttrValue.encode({ list: {} }))).toBe(attrValues.emptyList);
  });

  it('keeps 64-bit integers exact: numbers where they can be, bigints beyond', () => {
    expect(decode('i')).toEqual({ i: -(2n ** 63n) });
    expect(decode('tensor').tensor?.int64Val).toEqual([2n ** 53n + 1n, -1]);
    expect(decode('list').list?.i).toEqual([1, -2, 300]);
    for (const i of [0, 1, -1, 127, 128, 2 ** 31, 2 ** 32, -(2 ** 32) - 5, 2 ** 35 - 1, 2 ** 53 - 1, -(2 ** 53) + 1]) {
      expect(AttrValue.decode(AttrValue.encode({ i }))).toEqual({ i });
      expect(AttrValue.decode(AttrValue.encode({ i: BigInt(i) }))).toEqual({ i });
      expect(AttrValue.decode(AttrValue.encode({ list: { i: [BigInt(i)] } })).list?.i).toEqual([i]);
    }
    for (const i of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
      expect(AttrValue.decode(AttrValue.encode({ i }))).toEqual({ i });
    }
  });

  it('takes a string in the place of bytes', () => {
    expect(toHex(AttrValue.encode({ s: 'SAME' }))).toBe(attrValues.s);
  });

  it('takes typed arrays as lists', () => {
    expect(TensorProto.decode(TensorProto.encode({ floatVal: new Float32Array([0.5, 2]) })).floatVal).toEqual([0.5, 2]);
    expect(TensorProto.decode(TensorProto.encode({ int64Val: new BigInt64Array([-1n]) })).int64Val).toEqual([-1]);
  });
});

describe('encoding', () => {
  it('takes what was decoded for what was written', () => {
    const decoded = ServerDef.decode(ServerDef.encode({ cluster: { job: [{ name: 'a', tasks: { 3: 'b' } }] } }));
    expect(() => ServerDef.check(decoded)).not.toThrow();
    const found: string[] = [];
    for (const name in decoded) found.push(name);
    expect(found.sort()).toEqual(Object.keys(decoded).sort());
  });

  it('refuses a number that does not fit, and says which', () => {
    expect(() => AttrValue.encode({ i: 1.5 })).toThrow('cannot encode AttrValue: 1.5 is not a 64-bit integer');
    expect(() => AttrValue.encode({ i: 2 ** 60 })).toThrow('is not a 64-bit integer (use a bigint)');
    expect(() => AttrValue.encode({ i: 2n ** 63n })).toThrow('9223372036854775808 is not a 64-bit integer');
    expect(() => TensorProto.encode({ uint64Val: [-1] })).toThrow('-1 is not an unsigned 64-bit integer');
    expect(() => TensorProto.encode({ uint64Val: [-1n] })).toThrow('-1 is not an unsigned 64-bit integer');
    expect(() => TensorProto.encode({ intVal: [2 ** 31] })).toThrow('2147483648 is not a 32-bit integer');
    expect(() => ServerDef.encode({ port: 0.5 })).toThrow('cannot encode ServerDef: 0.5 is not a 32-bit integer');
  });

  it('takes part of a message and leaves out defaults', () => {
    expect(ConfigProto.encode({})).toEqual(new Uint8Array(0));
    expect(ConfigProto.encode({ allowSoftPlacement: false, intraOpParallelismThreads: 0 })).toHaveLength(0);
    expect(NodeDef.encode({ name: 'x', op: 'NoOp' })).toEqual(
      NodeDef.encode({ name: 'x', op: 'NoOp', input: [], attr: {} }),
    );
  });

  it('writes the keys of a map, numbers included', () => {
    const job = JobDef.decode(JobDef.encode({ name: 'worker', tasks: { 0: 'a:1', 12: 'b:2' } }));
    expect(job).toEqual({ name: 'worker', tasks: { 0: 'a:1', 12: 'b:2' } });
  });
});

describe('decoding', () => {
  it('gives every scalar, list and map a value, and no sub-message that was not there', () => {
    expect(Event.decode(new Uint8Array(0))).toEqual({ wallTime: 0, step: 0 });
    expect({ ...NodeDef.decode(new Uint8Array(0)) }).toStrictEqual({
      name: '',
      op: '',
      device: '',
      input: [],
      attr: {},
    });
    expect({ ...TensorShapeProto.decode(new Uint8Array(0)) }).toStrictEqual({ unknownRank: false, dim: [] });
    expect(Summary.decode(fromHex('0a00')).value[0]?.simpleValue).toBeUndefined();
    expect(AttrValue.decode(new Uint8Array(0)).i).toBeUndefined();
  });

  it('gives each message lists of its own', () => {
    GraphDef.decode(new Uint8Array(0)).node.push(NodeDef.decode(new Uint8Array(0)));
    expect(GraphDef.decode(new Uint8Array(0)).node).toEqual([]);
  });

  it('reads the events of a file', () => {
    const decode = (kind: keyof typeof events) => Event.decode(fromHex(events[kind]));
    expect(decode('fileVersion')).toEqual({
      wallTime: 1_700_000_000.25,
      step: 0,
      fileVersion: 'brain.Event:2',
      sourceMetadata: { writer: 'w' },
    });
    expect(decode('sessionLog')).toMatchObject({ step: -1, sessionLog: { status: 3, checkpointPath: 'p', msg: 'm' } });
    const { step, summary } = decode('summary');
    expect(step).toBe(Number.MAX_SAFE_INTEGER);
    expect(summary?.value.map((value) => value.tag)).toEqual(['loss', 'i', 'h', 'a', 't', 'o']);
    expect(summary?.value[0]).toMatchObject({ simpleValue: 0, metadata: { pluginData: { pluginName: 'scalars' } } });
    expect(summary?.value[2]?.histo).toEqual({
      min: -1,
      max: 1,
      num: 3,
      sum: 0.5,
      sumSquares: 2,
      bucketLimit: [0, 1],
      bucket: [1, 2],
    });
  });

  it('reads the nanoseconds of a trace exactly', () => {
    const stats = RunMetadata.decode(fromHex(others.RunMetadata)).stepStats?.devStats[0]?.nodeStats[0];
    expect(stats).toMatchObject({
      allStartMicros: 1.7e15,
      allStartNanos: 1_700_000_000_000_000_001n,
      threadId: 2 ** 32 - 1,
    });
    expect(stats?.memory[0]?.allocationRecords).toEqual([{ allocMicros: 6, allocBytes: -7 }]);
  });
});

describe('GraphDebugInfo', () => {
  it('has identifiers of 64 bits, exact and in the keys of maps too', () => {
    const info = GraphDebugInfo.decode(fromHex(others.GraphDebugInfo));
    expect(info.framesById).toEqual({ 12: { line: 1 }, '9223372036854775809': { fileIndex: 0, line: 3, col: 4 } });
    expect(info.nameToTraceId).toEqual({ x: 7 });
    expect(info.tracesById[7]?.frameId).toEqual([2n ** 63n + 1n, 12]);
    expect(() => GraphDebugInfo.encode({ nameToTraceId: { x: -1 } })).toThrow('-1 is not an unsigned 64-bit integer');
    expect(() => GraphDebugInfo.encode({ framesById: { [String(2n ** 64n)]: {} } })).toThrow(
      '18446744073709551616 is not an unsigned 64-bit integer',
    );
  });
});

describe('bytes', () => {
  it('are views of what was decoded, and plain ones where that is a Buffer', () => {
    const buffer = Buffer.from(attrValues.s, 'hex');
    const { s } = AttrValue.decode(buffer);
    expect(Buffer.isBuffer(s)).toBe(false);
    buffer[2] = 'L'.charCodeAt(0);
    expect(s).toEqual(utf8('LAME'));
  });
});

describe('GraphDef', () => {
  it('keeps its functions, in a copy too', () => {
    const graph = GraphDef.decode(fromHex(others.GraphDef));
    const copy = GraphDef.decode(GraphDef.encode({ ...graph, node: graph.node.slice(0, 1) }));
    expect(copy.node).toHaveLength(1);
    expect(copy.library).toEqual(graph.library);
    expect(copy.library?.function[0]).toMatchObject({
      signature: { name: 'f', inputArg: [{ name: 'a', typeAttr: 'T' }] },
      nodeDef: [{ name: 'n', op: 'Identity', input: ['a'] }],
      ret: { b: 'n:output:0' },
      argAttr: { 0: { attr: { _user_specified_name: { s: utf8('a') } } } },
      resourceArgUniqueId: { 2: 3 },
    });
  });
});

it('what is no bytes is not decoded: a number would be so many of them', () => {
  // @ts-expect-error no bytes
  expect(() => Summary.decode(5)).toThrow('Summary is decoded of bytes, not of 5');
});
