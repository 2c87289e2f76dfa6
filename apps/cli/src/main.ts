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

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader has gone, such as head after its last line: that is not an error.
  if (error.code !== 'EPIPE') fail(error);
});
process.stderr.on('error', () => {
  // Nowhere to say so. Without a listener it would end the command.
});
// Node would exit with 1 for what nobody catches.
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit();
});

try {
  throwInsteadOfExit(program);
  await program.parseAsync();
} catch (error) {
  // Commander has said what is wrong, or printed the help or the version that was asked for.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.match : EXIT.error;
  else fail(error);
}

/** Says what is wrong, each fault in a line of its own, and sets the exit status. */
function fail(error: unknown): void {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  for (const line of lines) process.stderr.write(`face-comparison: ${line}\n`);
  process.exitCode = EXIT.error;
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
