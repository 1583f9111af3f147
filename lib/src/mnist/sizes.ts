/** The dimensions of MNIST, without dependencies, since scripts in pages need them too. */

/**
 * The number of classes: the digits 0 to 9.
 *
 * @example
 * const weights = new tf.Variable(tf.zeros([mnist.IMAGE_PIXELS, mnist.NUM_CLASSES]));
 */
export const NUM_CLASSES = 10;
/**
 * The width and height of an image.
 *
 * @example
 * tf.reshape(images, [-1, mnist.IMAGE_SIZE, mnist.IMAGE_SIZE, 1]);
 */
export const IMAGE_SIZE = 28;
/**
 * The number of pixels of an image.
 *
 * @example
 * tf.placeholder('float32', [null, mnist.IMAGE_PIXELS]);
 */
export const IMAGE_PIXELS = IMAGE_SIZE * IMAGE_SIZE;
