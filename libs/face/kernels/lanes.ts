/** Three bytes of RGB as int32 lanes; the fourth lane holds the byte that follows. */
export function loadPixel(pixel: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(pixel)));
}

/** Writes red, green and blue to the same offset in three planes. */
export function storePlanes(red: usize, planeBytes: usize, rgb: v128): void {
  f32.store(red, f32x4.extract_lane(rgb, 0));
  f32.store(red + planeBytes, f32x4.extract_lane(rgb, 1));
  f32.store(red + 2 * planeBytes, f32x4.extract_lane(rgb, 2));
}
