import { once } from 'node:events';

/**
 * Resolves when the process running launch.ts has ended: the IPC channel then closes, even after SIGKILL. Never
 * resolves in a process started without a channel. Does not keep the process alive.
 */
export async function launcherGone(): Promise<void> {
  // The launcher ended while this process was still starting. Undefined if there never was a channel.
  const connected = process.connected as boolean | undefined;
  if (connected === false) return;
  const gone = once(process, 'disconnect');
  // A listener would make the channel keep the process alive.
  process.channel?.unref();
  await gone;
}
