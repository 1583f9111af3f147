/**
 * CRC-32C (Castagnoli), the checksum of TensorFlow's records.
 *
 * Sources: RFC 3720 (iSCSI), section 12.1 and appendix B.4; the slicing-by-8 method of Kounavis and Berry, "A Systematic
 * Approach to Building High Performance Software-based CRC Generators" (2005).
 */

/** The polynomial 0x1EDC6F41, bit-reversed, because the lowest bit of a byte comes first. */
const POLYNOMIAL = 0x82f63b78;

/**
 * Eight tables of 256: entry `256 * k + b` is the remainder of byte `b` followed by `k` zero bytes, so that eight input
 * bytes take eight independent look-ups.
 */
const TABLE = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
  TABLE[byte] = remainder;
}
for (let i = 256; i < TABLE.length; i++) {
  const shorter = TABLE[i - 256]!;
  TABLE[i] = (shorter >>> 8) ^ TABLE[shorter & 0xff]!;
}

/**
 * The CRC-32C of `bytes` from `start` to `end`, exclusive, as an unsigned 32-bit number.
 *
 * @example
 * crc32c(Buffer.from('123456789')); // 0xe3069283
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let i = start;
  for (const last = end - 7; i < last; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      TABLE[1792 + (crc & 0xff)]! ^
      TABLE[1536 + ((crc >>> 8) & 0xff)]! ^
      TABLE[1280 + ((crc >>> 16) & 0xff)]! ^
      TABLE[1024 + (crc >>> 24)]! ^
      TABLE[768 + bytes[i + 4]!]! ^
      TABLE[512 + bytes[i + 5]!]! ^
      TABLE[256 + bytes[i + 6]!]! ^
      TABLE[bytes[i + 7]!]!;
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}

/**
 * The masked CRC-32C used in records. A checksum of data that itself contains checksums would be weak, so the bits are
 * rotated and a constant is added.
 */
export function maskedCrc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
