import { readFileSync } from 'node:fs';

/**
 * Whether this CPU runs int8 models faster than float32 ones: AVX2 on x86-64 (VNNI, which makes them faster still, comes
 * with it), the dot product on 64-bit Arm.
 *
 * Read from /proc/cpuinfo; Apple's 64-bit Arm chips all have the instruction. Elsewhere the answer is no, the safe one.
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
