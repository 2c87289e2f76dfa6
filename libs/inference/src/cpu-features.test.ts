import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decisiveCpuFeatures, hasFastInt8 } from './cpu-features.js';

const CASCADE_LAKE =
  'processor\t: 0\nmodel name\t: Xeon\nflags\t\t: fpu sse4_2 avx avx2 avx512f avx512_vnni\nbugs\t\t: spectre';
const ALDER_LAKE = 'processor\t: 0\nflags\t\t: fpu avx2 avx_vnni serialize\n';
const HASWELL = 'processor\t: 0\nflags\t\t: fpu sse4_2 avx avx2\n';
const IVY_BRIDGE = 'processor\t: 0\nflags\t\t: fpu sse4_2 avx f16c\n';
const GRAVITON = 'processor\t: 0\nFeatures\t: fp asimd evtstrm aes asimdhp asimddp\n';
const CORTEX_A53 = 'processor\t: 0\nFeatures\t: fp asimd evtstrm aes\n';

describe('hasFastInt8', () => {
  it.each([
    ['x64', 'AVX-512 VNNI', CASCADE_LAKE, true],
    ['x64', 'AVX-VNNI', ALDER_LAKE, true],
    ['x64', 'AVX2 alone', HASWELL, true],
    ['x64', 'AVX alone', IVY_BRIDGE, false],
    ['arm64', 'the dot product', GRAVITON, true],
    ['arm64', 'no dot product', CORTEX_A53, false],
  ])('on Linux, %s with %s', (arch, _, cpuinfo, expected) => {
    expect(hasFastInt8('linux', arch, () => cpuinfo)).toBe(expected);
  });

  it('matches whole words, and only in the flags', () => {
    expect(hasFastInt8('linux', 'x64', () => 'flags\t: avx2_next notavx2\n')).toBe(false);
    expect(hasFastInt8('linux', 'x64', () => 'model name\t: avx2\nflags\t: avx\n')).toBe(false);
  });

  it('is false if /proc/cpuinfo cannot be read', () => {
    const unreadable = (): string => {
      throw new Error('ENOENT');
    };
    expect(hasFastInt8('linux', 'x64', unreadable)).toBe(false);
  });

  it.each<[NodeJS.Platform, string, boolean]>([
    ['darwin', 'arm64', true],
    ['darwin', 'x64', false],
    ['win32', 'x64', false],
  ])('on %s %s does not read /proc', (platform, arch, expected) => {
    const forbidden = (): string => {
      throw new Error('expected /proc/cpuinfo not to be read');
    };
    expect(hasFastInt8(platform, arch, forbidden)).toBe(expected);
  });

  it.runIf(process.platform === 'linux')('checks this machine by default', () => {
    const cpuinfo = readFileSync('/proc/cpuinfo', 'utf8');
    expect(hasFastInt8()).toBe(hasFastInt8('linux', process.arch, () => cpuinfo));
    expect(hasFastInt8()).toBe(/\s(?:avx2|asimddp)\s/.test(cpuinfo));
  });
});

describe('decisiveCpuFeatures', () => {
  it.each([
    ['AVX-512 VNNI', CASCADE_LAKE, ['avx2', 'avx512f', 'avx512_vnni']],
    ['AVX-VNNI', ALDER_LAKE, ['avx2', 'avx_vnni']],
    ['the dot product of Arm', GRAVITON, ['asimddp']],
    ['none', IVY_BRIDGE, []],
    ['nothing known', '', []],
  ])('names those that matter: %s', (_, cpuinfo, expected) => {
    expect(decisiveCpuFeatures(() => cpuinfo)).toEqual(expected);
  });

  it('is empty if /proc/cpuinfo cannot be read', () => {
    const missing = (): never => {
      throw new Error('ENOENT');
    };
    expect(decisiveCpuFeatures(missing)).toEqual([]);
  });
});
