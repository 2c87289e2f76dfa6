/*
 * From version 1.30 on, the ONNX Runtime reports its use to its maker on Linux, too, and keeps an identifier of the
 * device in the user's cache folder. Nothing of this service leaves the machine, so that is switched off. The runtime
 * looks when it is loaded, at the environment of the process: this has to run in the main thread, and first.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
