/** A first start of the compiled library. */
import { spawnSync } from 'node:child_process';
import { inRoot } from '../paths.mjs';

const program = `const { mnist, tf } = require(${JSON.stringify(inRoot('lib', 'dist'))});
const [images, labels] = mnist.placeholderInputs(1);
const loss = mnist.loss(mnist.inference(images, 2, 2), labels);
const train = mnist.training(loss, 0.1);
const session = new tf.Session();
session.runSync(tf.globalVariablesInitializer());
session.runSync([train, loss], [[images, new Float32Array(mnist.IMAGE_PIXELS)], [labels, [0]]]);`;

/** A program that has trained for a step leaves what V8 has compiled to all that start later; where it can't, they do without. */
export function warmUp() {
  spawnSync(process.execPath, ['-e', program], { stdio: 'ignore', timeout: 60_000 });
}
