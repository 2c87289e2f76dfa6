import { Command, CommanderError } from 'commander';
import { prepareCommandEnvironment } from '../../api/src/config/command-environment.js';
import { VERSION } from '../../api/src/version.js';
import { compareCommand } from './compare/command.js';
import { detectCommand } from './detect/command.js';
import { EXIT } from './exit-status.js';
import { modelsCommand } from './models/command.js';
import { serveCommand } from './serve.js';

/* The command line: bin/face-comparison.mjs runs it. */

const program = new Command('face-comparison')
  .description('Compares the faces in two photographs, on this machine.')
  .version(VERSION)
  .hook('preAction', prepareCommandEnvironment)
  .addCommand(serveCommand())
  .addCommand(compareCommand())
  .addCommand(detectCommand())
  .addCommand(modelsCommand());

for (const stream of [process.stdout, process.stderr]) {
  // The reader has gone, such as head after its last line: no reason to crash.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  throwInsteadOfExit(program);
  await program.parseAsync();
} catch (error) {
  process.exitCode = EXIT.error;
  if (error instanceof CommanderError) {
    // It has said what is wrong, or printed the help or the version that was asked for.
    if (error.exitCode === 0) process.exitCode = EXIT.match;
  } else {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    for (const line of lines) process.stderr.write(`face-comparison: ${line}\n`);
  }
}

/**
 * Commander would exit with 1 for bad arguments, which means that the faces do not match, and calls what it prints an
 * error of its own.
 */
function throwInsteadOfExit(command: Command): void {
  command
    .exitOverride()
    .showHelpAfterError('(--help shows how to call it)')
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'face-comparison: '));
      },
    });
  command.commands.forEach(throwInsteadOfExit);
}
