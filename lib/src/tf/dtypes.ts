/**
 * The dtypes under the names that they have in Python, `tf.float32`. Each is its name as a string, so `'float32'` means the same.
 */

/** Floating-point numbers of 16 bits. */
export const float16 = 'float16';
/** The upper 16 bits of a `float32`. */
export const bfloat16 = 'bfloat16';
/** Floating-point numbers of 32 bits, which plain numbers are. */
export const float32 = 'float32';
/** Floating-point numbers of 64 bits, JavaScript's own. */
export const float64 = 'float64';
/** Whole numbers of 8 bits, negative ones too. */
export const int8 = 'int8';
/** Whole numbers of 16 bits, negative ones too. */
export const int16 = 'int16';
/** Whole numbers of 32 bits, negative ones too. */
export const int32 = 'int32';
/** Whole numbers of 64 bits, negative ones too, as `bigint`s. */
export const int64 = 'int64';
/** Whole numbers of 8 bits, from 0 on. */
export const uint8 = 'uint8';
/** Whole numbers of 16 bits, from 0 on. */
export const uint16 = 'uint16';
/** Whole numbers of 32 bits, from 0 on. */
export const uint32 = 'uint32';
/** Whole numbers of 64 bits, from 0 on, as `bigint`s. */
export const uint64 = 'uint64';
/** `true` and `false`. */
export const bool = 'bool';
/** Bytes of any length, a text in UTF-8 as a rule. */
export const string = 'string';
/** Complex numbers of two `float32`s. */
export const complex64 = 'complex64';
/** Complex numbers of two `float64`s. */
export const complex128 = 'complex128';
