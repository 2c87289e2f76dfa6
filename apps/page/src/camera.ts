/** Quality of the JPEG that a photograph from the camera becomes. */
const JPEG_QUALITY = 0.95;

/** Why a camera cannot be used, in words. */
export class CameraProblem extends Error {}

/** A camera that shows its picture in a video element until it is stopped. */
export class Camera {
  private constructor(
    private readonly video: HTMLVideoElement,
    private readonly stream: MediaStream,
  ) {}

  /**
   * Asks for the camera, and the person for permission.
   *
   * @param signal says that nobody wants it any more
   * @throws CameraProblem
   */
  static async start(video: HTMLVideoElement, signal: AbortSignal): Promise<Camera> {
    if (!window.isSecureContext) {
      throw new CameraProblem('Browsers allow the camera only on https:// pages and on localhost.');
    }
    const stream = await openStream();
    const camera = new Camera(video, stream);
    try {
      signal.throwIfAborted();
      video.srcObject = stream;
      await video.play();
      signal.throwIfAborted();
    } catch {
      camera.stop();
      throw new CameraProblem('The camera gives no picture.');
    }
    return camera;
  }

  /** The current picture, in the camera's full size, not mirrored. @throws CameraProblem */
  async take(): Promise<File> {
    const { videoWidth: width, videoHeight: height } = this.video;
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    canvas.getContext('2d')?.drawImage(this.video, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY);
    });
    if (blob === null) throw new CameraProblem('The camera gives no picture.');
    return new File([blob], 'camera.jpg', { type: blob.type });
  }

  /** Switches the camera off. */
  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
    // It may show another camera by now.
    if (this.video.srcObject === this.stream) this.video.srcObject = null;
  }
}

async function openStream(): Promise<MediaStream> {
  try {
    const size = { width: { ideal: 1280 }, height: { ideal: 960 } };
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user', ...size } });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    throw new CameraProblem(PROBLEMS[name] ?? 'The camera cannot be used.');
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  NotAllowedError: 'The camera is not allowed on this page.',
  NotFoundError: 'There is no camera.',
  NotReadableError: 'Another program uses the camera.',
};
