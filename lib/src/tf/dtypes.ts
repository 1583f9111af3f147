/** The dtypes, under Python's names: `tf.float32`. Each is a string with its name, so `'float32'` means the same. */

/** 16-bit floating-point numbers. */
export const float16 = 'float16';
/** The upper 16 bits of a `float32`. */
export const bfloat16 = 'bfloat16';
/** 32-bit floating-point numbers, the dtype of plain numbers. */
export const float32 = 'float32';
/** 64-bit floating-point numbers, like JavaScript's own. */
export const float64 = 'float64';
/** Signed 8-bit integers. */
export const int8 = 'int8';
/** Signed 16-bit integers. */
export const int16 = 'int16';
/** Signed 32-bit integers. */
export const int32 = 'int32';
/** Signed 64-bit integers, as `bigint`s. */
export const int64 = 'int64';
/** Unsigned 8-bit integers. */
export const uint8 = 'uint8';
/** Unsigned 16-bit integers. */
export const uint16 = 'uint16';
/** Unsigned 32-bit integers. */
export const uint32 = 'uint32';
/** Unsigned 64-bit integers, as `bigint`s. */
export const uint64 = 'uint64';
/** Booleans. */
export const bool = 'bool';
/** Byte strings of any length, usually text in UTF-8. */
export const string = 'string';
/** Complex numbers of two `float32`s. */
export const complex64 = 'complex64';
/** Complex numbers of two `float64`s. */
export const complex128 = 'complex128';
