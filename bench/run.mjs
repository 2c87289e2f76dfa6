import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { commandLine } from './command-line.mjs';
import { TOOLS } from './tools.mjs';

/** `node bench/run.mjs TOOL …`: checks the arguments, builds the service and the tool, and runs it. */
const ROOT = join(import.meta.dirname, '..');
const [name = '', ...args] = process.argv.slice(2);
const tool = Object.entries(TOOLS).find(([known]) => known === name)?.[1];
if (tool === undefined) throw new Error(`expected one of ${Object.keys(TOOLS).join(', ')}`);
commandLine(tool, args);

/**
 * @param {string} program
 * @param {readonly string[]} parameters
 */
const run = (program, parameters) => spawnSync(program, parameters, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;

process.exitCode =
  run('npm', ['run', 'build']) || run(process.execPath, [join(ROOT, 'dist/bench', `${name}.js`), ...args]);
