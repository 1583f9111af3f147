// What a live chart costs a loop of 1,000 steps a second: node tests/bench/liveChart.cjs [seconds] [pictures]
// By points as bytes, as in a page with anywidget, or by pictures.
const { liveChart } = require('tf-mechanics');
const { setNotebookHost } = require('tf-mechanics/kernel-host');

const seconds = Number(process.argv[2] ?? 10);
const pictures = process.argv[3] === 'pictures';
let messages = 0;
let bytes = 0;
let ended;
setNotebookHost({
  display(data) {
    messages++;
    bytes += Buffer.byteLength(JSON.stringify(data)); // as a kernel does before it sends
  },
  openComm(_target, _current, { onMessage }) {
    const send = ({ data, buffers = [] }) => {
      messages++;
      bytes += Buffer.byteLength(JSON.stringify(data)) + buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
    };
    if (!pictures) setTimeout(() => onMessage({ data: { method: 'custom', content: { ready: true } } }), 100);
    return { id: 'chart', send, close() {} };
  },
  onCellEnd(callback) {
    ended = callback;
  },
  signal: new AbortController().signal,
  resources: 'kernelspecs/tf-mechanics',
});

async function main() {
  const chart = liveChart({ title: 'Training', yLabel: 'loss' });
  const steps = seconds * 1000;
  let spent = 0;
  let turned = 0;
  let worst = 0;
  const start = performance.now();
  for (let step = 0; step < steps; step++) {
    while (performance.now() < start + step); // the step itself
    const begin = performance.now();
    const added = chart.add(step, { loss: Math.exp(-step / 3000) + Math.random() / 10, accuracy: step / steps });
    const end = performance.now();
    await added; // counted apart: in it others work
    spent += end - begin;
    worst = Math.max(worst, end - begin);
    turned += performance.now() - end;
  }
  const result = {
    steps,
    microsecondsPerAdd: (1000 * spent) / steps,
    shareOfLoop: spent / (seconds * 1000),
    longestAddInMs: worst,
    eventLoopTurnsInMs: turned,
    messages,
    bytesPerMessage: bytes / messages,
  };
  const finish = performance.now();
  await ended();
  console.log(JSON.stringify({ ...result, lastPictureInMs: performance.now() - finish }));
}
main();
