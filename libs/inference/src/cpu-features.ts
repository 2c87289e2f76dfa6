import { readFileSync } from 'node:fs';

/**
 * Whether this CPU multiplies 8-bit integers exactly and fast: AVX-512 VNNI or AVX-VNNI on x86-64, the dot product on
 * 64-bit Arm. Without them int8 models run slowly, and on older x86 their sums can saturate.
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
    return /^(?:flags|Features)\s*:.*\b(?:avx512_vnni|avx_vnni|asimddp)\b/m.test(cpuinfo());
  } catch {
    return false;
  }
}
