#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * The command `face-comparison`. Not the compiled file itself, because a build replaces that: it would lose its
 * permission to be executed, and before the first build there is none.
 */
const program = new URL('../dist/apps/cli/src/main.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  console.error(`face-comparison: it is not built yet; run "npm run build" in ${folder}`);
  process.exitCode = 2;
}
