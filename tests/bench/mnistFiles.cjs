/** Four gzipped IDX files of MNIST's size and about its compressibility: strokes on empty ground. They are made once, below `.cache`. */
const fs = require('node:fs');
const path = require('node:path');
const { data, tf } = require('tf-mechanics');

const folder = path.join(__dirname, '..', '..', '.cache', 'bench-mnist');

/** Images with a stroke of random pixels in each of the middle rows: a seventh of the pixels, as in digits. */
function strokes(count) {
  const random = new data.Random(count);
  const pixels = new Uint8Array(count * 784);
  for (let image = 0; image < count; image++)
    for (let row = 4, column = 10; row < 24; row++, column += random.below(3) - 1)
      for (let i = 0; i < 5; i++) pixels[image * 784 + row * 28 + column + i] = i % 4 === 0 ? random.below(256) : 253;
  return tf.hostArray(pixels, 'uint8').reshape([count, 28, 28]);
}

/** The folder, with the files in it. */
async function mnistFiles() {
  if (fs.existsSync(path.join(folder, 'complete'))) return folder;
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, count] of [
    ['train', 60_000],
    ['t10k', 10_000],
  ]) {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
    await data.writeIdx(path.join(folder, `${name}-images-idx3-ubyte.gz`), strokes(count));
    await data.writeIdx(path.join(folder, `${name}-labels-idx1-ubyte.gz`), tf.hostArray(labels, 'uint8'));
  }
  fs.writeFileSync(path.join(folder, 'complete'), '');
  return folder;
}

module.exports = { mnistFiles };
if (require.main === module) mnistFiles().then((made) => console.log(JSON.stringify({ folder: made })));
