import 'reflect-metadata';
import { readSettings } from './config/settings.js';
import { startInference } from './inference/inference-runtime.js';
import { startServer } from './server.js';

try {
  const settings = readSettings();
  const inference = await startInference(settings, (error) => {
    console.error(`inference pool: ${error.message}`);
  });
  const { port } = await startServer(settings, inference);
  const { executionProvider, precision, models } = inference;
  const url = `http://localhost:${port}`;
  console.log(`Face comparison is ready on ${url}
  models   ${models.embedder.weights}, ${precision} on ${executionProvider}, ${settings.workers} workers
  docs     ${url}/docs
  try      curl -F image1=@test/photographs/obama.jpg -F image2=@test/photographs/obama2.jpg ${url}/compare`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
