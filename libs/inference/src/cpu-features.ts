import { readFileSync } from 'node:fs';

/**
 * Whether this CPU runs int8 models faster than float32 ones: with AVX2 on x86-64 (implied by VNNI, which is faster
 * still), or the dot product instructions on 64-bit Arm.
 *
 * Read from /proc/cpuinfo; all of Apple's 64-bit Arm chips have the instructions. Elsewhere false, to be safe.
 */
export function hasFastInt8(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
  cpuinfo: () => string = () => readFileSync('/proc/cpuinfo', 'utf8'),
): boolean {
  if (platform === 'darwin') return arch === 'arm64';
  if (platform !== 'linux') return false;
  try {
    return /^(?:flags|Features)\s*:.*\b(?:avx2|asimddp)\b/m.test(cpuinfo());
  } catch {
    return false;
  }
}
