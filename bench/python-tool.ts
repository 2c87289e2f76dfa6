import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';

/** Where tools that are not npm packages are installed. */
export const TOOLS = join(PACKAGE_ROOT, '.tools');

/**
 * Installs a Python package into .tools, unless already installed. Requires Python 3.10 or newer.
 *
 * @param others requirements besides it; another list needs another version
 * @returns the folder of its programs, python among them; one per version
 * @throws Error if it cannot be installed
 */
export async function pythonTool(name: string, version: string, others: readonly string[] = []): Promise<string> {
  const environment = join(TOOLS, name, version);
  const programs = join(environment, 'bin');
  const installedMark = join(environment, 'installed');
  if (existsSync(installedMark)) return programs;
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(TOOLS, { recursive: true });
  const installed =
    (await run('python3', ['-m', 'venv', environment])) === 0 &&
    (await run(join(programs, 'pip'), [
      'install',
      '-q',
      '--disable-pip-version-check',
      `${name}==${version}`,
      ...others,
    ])) === 0;
  if (installed) {
    writeFileSync(installedMark, '');
    return programs;
  }
  rmSync(environment, { recursive: true, force: true });
  throw new Error(`${name} could not be installed; it needs Python 3.10 or newer, with venv and pip`);
}

/** Runs a program in a folder, `.tools` unless another is given, and returns its exit status. */
export async function run(
  program: string,
  parameters: readonly string[],
  { folder = TOOLS, env = {} }: { readonly folder?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<number> {
  const child = spawn(program, parameters, { cwd: folder, stdio: 'inherit', env: { ...process.env, ...env } });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status ?? 1;
}
