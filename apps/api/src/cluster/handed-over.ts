import type { ChildProcess } from 'node:child_process';

/** A connection as node:cluster hands it over. */
interface Handle {
  close(): void;
}

/**
 * Closes the connection that a process was being handed when it died. node:cluster keeps it open for the answer that
 * never comes, and the client would wait for as long as it likes (seen in Node 20.20). There is one at most: a process
 * gets its next connection when it has taken the one before.
 *
 * @param child a process forked by node:cluster, whose own messages hand over the connections
 */
export function closeHandedOver(child: ChildProcess): void {
  let last: Handle | undefined;
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (...args: unknown[]) => {
    if (isHandle(args[1])) last = args[1];
    return send(...args);
  };
  child.once('exit', () => {
    // Does nothing if the process has taken it.
    last?.close();
  });
}

const isHandle = (value: unknown): value is Handle =>
  typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function';
