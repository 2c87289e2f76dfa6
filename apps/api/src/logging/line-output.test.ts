import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LineOutput } from './line-output.js';

let folder: string;
let opened: number[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'));
});

afterEach(() => {
  for (const fd of opened) closeSync(fd);
  opened = [];
  rmSync(folder, { recursive: true });
});

function open(path: string, flags: number): number {
  const fd = openSync(path, flags);
  opened.push(fd);
  return fd;
}

function close(fd: number): void {
  closeSync(fd);
  opened = opened.filter((other) => other !== fd);
}

/** Both ends of a named pipe, so that another reader can follow the first. */
function pipe(): { path: string; reader: number; writer: number } {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { path, reader, writer: open(path, constants.O_WRONLY | constants.O_NONBLOCK) };
}

/** Reads a pipe's current contents. */
function readAll(reader: number): string {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    try {
      const size = readSync(reader, chunk);
      if (size === 0) break;
      chunks.push(chunk.subarray(0, size));
    } catch {
      break;
    }
  }
  return Buffer.concat(chunks).toString();
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `line ${i} ${'é'.repeat(500)}\n`);

describe('LineOutput', () => {
  it('has written a line when write returns', () => {
    const path = join(folder, 'log');
    const output = new LineOutput(open(path, constants.O_CREAT | constants.O_WRONLY));
    output.write('one\n');
    expect(readFileSync(path, 'utf8')).toBe('one\n');
    output.write('zwölf\n');
    expect(readFileSync(path, 'utf8')).toBe('one\nzwölf\n');
    expect(output.droppedLines).toBe(0);
  });

  it('drops and counts each line on a full disk', () => {
    const output = new LineOutput(open('/dev/full', constants.O_WRONLY));
    for (const line of numbered(10)) output.write(line);
    output.flush();
    expect(output.droppedLines).toBe(10);
  });

  it('keeps lines for a slow reader, in order, and writes them without a new line', async () => {
    const { reader, writer } = pipe();
    const output = new LineOutput(writer);
    const lines = numbered(400);
    for (const line of lines) output.write(line);

    let read = '';
    await expect.poll(() => (read += readAll(reader)).length, { interval: 10 }).toBe(lines.join('').length);
    expect(read).toBe(lines.join(''));
    expect(output.droppedLines).toBe(0);
  });

  it('drops and counts everything above a megabyte for a stalled reader', async () => {
    const { reader, writer } = pipe();
    const output = new LineOutput(writer);
    const lines = numbered(3000);
    for (const line of lines) output.write(line);
    expect(output.droppedLines).toBeGreaterThan(1500);

    const kept = lines.slice(0, lines.length - output.droppedLines).join('');
    let read = '';
    await expect.poll(() => (read += readAll(reader)).length, { interval: 10 }).toBe(kept.length);
    expect(read).toBe(kept);
  });

  it('drops and counts buffered lines if the reader leaves, and writes for the next one', () => {
    const { path, reader, writer } = pipe();
    const output = new LineOutput(writer);
    // Longer than what a pipe writes atomically, so that it is torn.
    for (let i = 0; i < 20; i++) output.write(`${String(i).repeat(9000)}\n`);
    close(reader);
    output.write('nobody is there\n');
    const dropped = output.droppedLines;
    expect(dropped).toBeGreaterThan(5);
    output.write('still nobody\n');
    expect(output.droppedLines).toBe(dropped + 1);

    const next = open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    readAll(next);
    output.write('again\n');
    output.write('and again\n');
    expect(readAll(next)).toBe('\nagain\nand again\n');
    expect(output.droppedLines).toBe(dropped + 1);
  });
});
