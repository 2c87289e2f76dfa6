import { readFileSync } from 'node:fs';

/** Clock ticks per second in /proc; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time of a process so far, user and system, in milliseconds. Linux only. */
function processCpuMs(pid: number): number {
  return cpuMsIn(`/proc/${pid}/stat`);
}

/** CPU time of a process's main thread so far, user and system, in milliseconds. Linux only. */
export function mainThreadCpuMs(pid: number): number {
  return cpuMsIn(`/proc/${pid}/task/${pid}/stat`);
}

function cpuMsIn(file: string): number {
  const afterName = readFileSync(file, 'utf8').split(') ')[1].split(' ');
  return ((Number(afterName[11]) + Number(afterName[12])) / TICKS_PER_SECOND) * 1000;
}

/** A task's result, and the CPU time that a process used meanwhile, in milliseconds. Linux only. */
export async function withCpuMs<T>(pid: number, task: () => Promise<T>): Promise<T & { readonly cpuMs: number }> {
  const before = processCpuMs(pid);
  const result = await task();
  return { ...result, cpuMs: processCpuMs(pid) - before };
}

/** Resident memory of a process in megabytes. Linux only. */
export function processMemoryMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
