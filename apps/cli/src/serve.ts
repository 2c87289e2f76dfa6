import { Command } from 'commander';

/** `face-comparison serve`: what `npm start` does after the build. */
export const serveCommand = (): Command =>
  new Command('serve').description('start the REST service, as npm start does').action(async () => {
    // The launcher is a program: to load it is to run it. It sets the exit status when the service ends.
    await import('../../api/src/launch.js');
  });
