import { describe, expect, it } from 'vitest';
import { InvalidArgumentError, NotFoundError } from '../../../runtime/errors';
import { ClusterDef, ClusterSpec, JobDef } from '..';

const dense = { worker: ['w0.example:2222', 'w1.example:2222'], ps: ['127.0.0.1:2223'] };

describe('a cluster specification', () => {
  it('says which jobs there are, and where their tasks are', () => {
    const cluster = new ClusterSpec(dense);
    expect(cluster.jobs).toEqual(['worker', 'ps']);
    expect([cluster.numTasks('worker'), cluster.taskIndices('worker')]).toEqual([2, [0, 1]]);
    expect(cluster.taskAddress('worker', 1)).toBe('w1.example:2222');
    expect(cluster.jobTasks('worker')).toEqual(dense.worker);
    expect(cluster.asDict()).toEqual(dense);
    expect(String(cluster)).toBe(`ClusterSpec(${JSON.stringify(dense)})`);
  });

  it('may leave out tasks', () => {
    const cluster = new ClusterSpec({ worker: { 3: 'd:2222', 1: 'b:2222' }, ps: { 0: 'a:1', 1: 'a:2' } });
    expect([cluster.numTasks('worker'), cluster.taskIndices('worker')]).toEqual([2, [1, 3]]);
    expect(cluster.jobTasks('worker')).toEqual([null, 'b:2222', null, 'd:2222']);
    expect(cluster.asDict()).toEqual({ worker: { 1: 'b:2222', 3: 'd:2222' }, ps: ['a:1', 'a:2'] });
  });

  it('becomes TensorFlow’s message, and is made of one', () => {
    const cluster = new ClusterSpec(dense);
    // tf.train.ClusterSpec({'worker': […], 'ps': […]}).as_cluster_def().SerializeToString().hex()
    const python =
      '0a180a02707312120800120e3132372e302e302e313a323232330a320a06776f726b6572' +
      '12130801120f77312e6578616d706c653a3232323212130800120f77302e6578616d706c653a32323232';
    const message = ClusterDef.decode(Buffer.from(python, 'hex'));
    expect(cluster.asClusterDef()).toEqual(message);
    expect(new ClusterSpec(message).asDict()).toEqual(dense);
    expect(new ClusterSpec(cluster).asDict()).toEqual(dense);
    const job = JobDef.decode(JobDef.encode({ name: 'job', tasks: { 5: 'a:1' } }));
    expect(new ClusterSpec({ job: [job] }).asDict()).toEqual({ job: { 5: 'a:1' } });
  });

  it('may be empty, have jobs without tasks, and a job that is called job', () => {
    expect(new ClusterSpec({}).jobs).toEqual([]);
    const cluster = new ClusterSpec({ job: ['a:1'], none: [] });
    expect([cluster.numTasks('job'), cluster.numTasks('none'), cluster.jobTasks('none')]).toEqual([1, 0, []]);
  });

  it.each([
    [{ 'my job': ['a:1'] }, 'named by a letter'],
    [{ 'a/b': ['a:1'] }, 'named by a letter'],
    [{ _w: ['a:1'] }, 'named by a letter'],
    [{ '': ['a:1'] }, 'named by a letter'],
    [{ wörker: ['a:1'] }, 'named by a letter'],
    [{ job: [{ name: 'w' }, { name: 'w' }] }, "two jobs 'w'"],
    [{ w: { [-1]: 'a:1' } }, 'whole numbers from 0'],
    [{ w: { 1.5: 'a:1' } }, 'whole numbers from 0'],
    [{ w: { 2147483647: 'a:1' } }, 'whole numbers from 0'],
    [{ w: { one: 'a:1' } as never }, 'whole numbers from 0'],
    [{ w: 'a:1' as never }, 'a list of addresses'],
    [{ w: [7] as never }, 'is a text'],
    [[] as never, 'not an array'],
    [null as never, 'a cluster is an object'],
  ])('refuses %j', (cluster, why) => {
    expect(() => new ClusterSpec(cluster)).toThrow(InvalidArgumentError);
    expect(() => new ClusterSpec(cluster)).toThrow(why);
  });

  it.each([
    '127.0.0.1',
    '2222',
    ':2222',
    '127.0.0.1:-5',
    '127.0.0.1:65536',
    '127.0.0.1: 22',
    'a:b:1',
    'a/b:1',
    'what ever:1',
    'ü:1',
    '300.1.1.1:1',
    'fd00::2:2222',
    'grpc://a:2222',
    '',
  ])('refuses the address %j', (address) => {
    expect(() => new ClusterSpec({ w: [address] })).toThrow(InvalidArgumentError);
    expect(() => new ClusterSpec({ w: [address] })).toThrow(/^the address of task 0 of job 'w' is HOST:PORT.{0,180}$/);
  });

  it('refuses names of any length in a line', () => {
    const long = 'x'.repeat(1e6);
    expect(() => new ClusterSpec({ [long]: ['a:1'] })).toThrow(/^a job.{0,200}$/);
    expect(() => new ClusterSpec({ w: [`${long}:1`] })).toThrow(/^the address.{0,200}$/);
  });

  it.each(['localhost:0', 'under_score.example:1', '[::1]:65535', '10.0.0.1:22'])('takes the address %j', (address) => {
    expect(new ClusterSpec({ w: [address] }).taskAddress('w', 0)).toBe(address);
  });

  it('says which jobs and tasks there are instead of one that there is not', () => {
    const cluster = new ClusterSpec(dense);
    expect(() => cluster.numTasks('chief')).toThrow("the cluster has no job 'chief'; its jobs are 'worker', 'ps'");
    expect(() => cluster.taskAddress('worker', 2)).toThrow(NotFoundError);
    expect(() => cluster.taskAddress('worker', 2)).toThrow('no task 2; its tasks are 0, 1');
  });
});
