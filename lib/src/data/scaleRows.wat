;; Rows of pixels as floats in [0, 1]. JavaScript takes a nanosecond for a pixel, this takes a fifth of that.
;; `npm run wasm` compiles it to scaleRows.ts.
(module
  ;; The pixels lie at its beginning, row after row.
  (import "host" "memory" (memory 1 65536 shared))

  ;; For each of `count` row numbers (32 bits each, from the address `rows` on): that row's `width` bytes, divided by 255, as float32,
  ;; to the address `out`, where row follows row. Sixteen pixels are done at a time: up to 15 bytes behind a row are read, and up to 60
  ;; bytes behind the last row of the result are written. Rows lie anywhere in memory, and each begins with a wait for it. So the lines
  ;; of the next row are looked at before a row is scaled: they are on their way together meanwhile. The sum of what was seen is the result,
  ;; since a compiler may leave out what nobody needs.
  (func (export "scale") (param $rows i32) (param $count i32) (param $width i32) (param $out i32) (result i32)
    (local $end i32) (local $ahead i32) (local $aheadEnd i32) (local $seen i32) (local $from i32) (local $fromEnd i32) (local $to i32)
    (local $pixels v128) (local $half v128) (local $x v128) (local $high v128) (local $low v128)
    ;; 1/255 in two parts. The product of a byte and the first has no more bits than a float32 has; so the sum of the products is
    ;; rounded once, and is for every byte what a division gives, which takes longer.
    (local.set $high (f32x4.splat (f32.const 0x1.01p-8)))
    (local.set $low (f32x4.splat (f32.const 0x1.010102p-24)))
    (local.set $end (i32.add (local.get $rows) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $row
        (br_if $done (i32.ge_u (local.get $rows) (local.get $end)))
        (local.set $from (i32.mul (i32.load (local.get $rows)) (local.get $width)))
        (local.set $fromEnd (i32.add (local.get $from) (local.get $width)))
        (local.set $to (local.get $out))
        (if (i32.lt_u (i32.add (local.get $rows) (i32.const 4)) (local.get $end))
          (then
            (local.set $ahead (i32.mul (i32.load offset=4 (local.get $rows)) (local.get $width)))
            (local.set $aheadEnd (i32.add (local.get $ahead) (local.get $width)))
            (loop $line
              (local.set $seen (i32.add (local.get $seen) (i32.load8_u (local.get $ahead))))
              (local.set $ahead (i32.add (local.get $ahead) (i32.const 64)))
              (br_if $line (i32.lt_u (local.get $ahead) (local.get $aheadEnd))))))
        (loop $sixteen
          (local.set $pixels (v128.load align=1 (local.get $from)))
          (local.set $half (i16x8.extend_low_i8x16_u (local.get $pixels)))
          (local.set $x (f32x4.convert_i32x4_u (i32x4.extend_low_i16x8_u (local.get $half))))
          (v128.store align=4 (local.get $to)
            (f32x4.add (f32x4.mul (local.get $x) (local.get $high)) (f32x4.mul (local.get $x) (local.get $low))))
          (local.set $x (f32x4.convert_i32x4_u (i32x4.extend_high_i16x8_u (local.get $half))))
          (v128.store offset=16 align=4 (local.get $to)
            (f32x4.add (f32x4.mul (local.get $x) (local.get $high)) (f32x4.mul (local.get $x) (local.get $low))))
          (local.set $half (i16x8.extend_high_i8x16_u (local.get $pixels)))
          (local.set $x (f32x4.convert_i32x4_u (i32x4.extend_low_i16x8_u (local.get $half))))
          (v128.store offset=32 align=4 (local.get $to)
            (f32x4.add (f32x4.mul (local.get $x) (local.get $high)) (f32x4.mul (local.get $x) (local.get $low))))
          (local.set $x (f32x4.convert_i32x4_u (i32x4.extend_high_i16x8_u (local.get $half))))
          (v128.store offset=48 align=4 (local.get $to)
            (f32x4.add (f32x4.mul (local.get $x) (local.get $high)) (f32x4.mul (local.get $x) (local.get $low))))
          (local.set $from (i32.add (local.get $from) (i32.const 16)))
          (local.set $to (i32.add (local.get $to) (i32.const 64)))
          (br_if $sixteen (i32.lt_u (local.get $from) (local.get $fromEnd))))
        (local.set $rows (i32.add (local.get $rows) (i32.const 4)))
        (local.set $out (i32.add (local.get $out) (i32.shl (local.get $width) (i32.const 2))))
        (br $row)))
    (local.get $seen)))
