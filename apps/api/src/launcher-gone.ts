import { once } from 'node:events';

/**
 * Resolves when the process that launch.ts runs in has ended, however it ended: the channel between the two closes then,
 * even where SIGKILL left no time to say anything. Never resolves in a process that was started without a channel.
 *
 * The channel is only listened to, so it does not keep the process alive.
 */
export async function launcherGone(): Promise<void> {
  // Gone while this process was still starting. It is undefined where there never was a channel.
  const connected = process.connected as boolean | undefined;
  if (connected === false) return;
  const gone = once(process, 'disconnect');
  // A listener makes the channel count as work to be done.
  process.channel?.unref();
  await gone;
}
