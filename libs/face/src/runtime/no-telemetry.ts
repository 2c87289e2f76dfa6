/*
 * From version 1.30 on, the ONNX Runtime also sends telemetry on Linux and stores a device identifier in the user's
 * cache folder. This service sends nothing, so it is disabled. The runtime reads the process environment when it loads,
 * so this must run first, in the main thread.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
