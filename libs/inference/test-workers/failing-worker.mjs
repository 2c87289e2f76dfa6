// Fails to load, as a worker with a broken model does.
export default Promise.reject(new Error('broken.onnx: expected a tensor'));
