import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** The two bits of a file's flags that contain the access mode; 0 is read-only. */
const ACCESS_MODE = 0b11;

/** Bytes that a process has caused to be written to disk since its start. Linux only. */
export function bytesToDisk(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

/** Files that a process has open for writing, excluding pipes, sockets and devices. Linux only. */
export function filesOpenForWriting(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .filter((fd) => isWritableFile(pid, fd))
    .map((fd) => pathOf(pid, fd));
}

function isWritableFile(pid: number, fd: string): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0';
    return (parseInt(flags, 8) & ACCESS_MODE) !== 0 && statSync(`/proc/${pid}/fd/${fd}`).isFile();
  } catch {
    // Closed since it was listed.
    return false;
  }
}

function pathOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return 'closed since';
  }
}
