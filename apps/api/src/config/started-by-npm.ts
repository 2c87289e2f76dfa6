/** Whether this process was started by an npm script. */
export const startedByNpm = (): boolean => process.env['npm_lifecycle_event'] !== undefined;
