import { readFileSync } from 'node:fs';

/** Instruction sets that decide how fast int8 and float32 models run: VNNI doubles int8's speed or more. */
const DECISIVE = ['avx2', 'avx512f', 'avx_vnni', 'avx512_vnni', 'amx_int8', 'asimddp', 'i8mm'];

/** Those of this CPU that decide how fast models run, by the kernel's names; empty where /proc/cpuinfo is missing. */
export function decisiveCpuFeatures(cpuinfo: () => string = () => readFileSync('/proc/cpuinfo', 'utf8')): string[] {
  try {
    const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo())?.[1].split(' ') ?? [];
    return DECISIVE.filter((feature) => flags.includes(feature));
  } catch {
    return [];
  }
}

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
