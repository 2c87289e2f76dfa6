import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu's image for workflows and others have Chromium. */
const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const CHOSEN = process.env['CHROMIUM'] ?? PATHS.find((path) => existsSync(path));

/** The browser on this machine: that of CHROMIUM, or an installed one; undefined if there is none, or CHROMIUM is empty. */
export const CHROMIUM = CHOSEN === '' ? undefined : CHOSEN;

/** Starts it, without a window, and with a camera that shows a moving pattern. */
export async function openBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined)
    throw new Error(`no Chromium: install it, or set CHROMIUM (looked at ${PATHS.join(', ')})`);
  return chromium.launch({
    executablePath: CHROMIUM,
    // It refuses to run as root with its sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--use-fake-device-for-media-stream', '--disable-gpu'],
  });
}
