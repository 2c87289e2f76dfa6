/**
 * An axis-aligned rectangle in pixels of an upright image: x to the right, y down, origin at the top left corner.
 * Corners are continuous coordinates, so the width is x2 − x1.
 */
export interface BoundingBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Width and height of an image in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const boxWidth = (box: BoundingBox): number => box.x2 - box.x1;
export const boxHeight = (box: BoundingBox): number => box.y2 - box.y1;

/** Area in square pixels; 0 for an inverted box. */
export function boxArea(box: BoundingBox): number {
  return Math.max(0, boxWidth(box)) * Math.max(0, boxHeight(box));
}

/** The intersection of two boxes divided by their union (IoU), 0 to 1. */
export function intersectionOverUnion(a: BoundingBox, b: BoundingBox): number {
  const overlap = intersectionArea(a, b);
  return overlap === 0 ? 0 : overlap / (boxArea(a) + boxArea(b) - overlap);
}

/** The intersection of two boxes in square pixels. */
export function intersectionArea(a: BoundingBox, b: BoundingBox): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  return width > 0 && height > 0 ? width * height : 0;
}

/** The part of the box inside the image; it may be empty. */
export function clipBox(box: BoundingBox, { width, height }: Size): BoundingBox {
  return {
    x1: Math.min(Math.max(box.x1, 0), width),
    y1: Math.min(Math.max(box.y1, 0), height),
    x2: Math.min(Math.max(box.x2, 0), width),
    y2: Math.min(Math.max(box.y2, 0), height),
  };
}

/** The box with every coordinate multiplied by `factor`. */
export function scaleBox(box: BoundingBox, factor: number): BoundingBox {
  return { x1: box.x1 * factor, y1: box.y1 * factor, x2: box.x2 * factor, y2: box.y2 * factor };
}

/** The box's corners rounded to whole pixels. */
export function roundBox(box: BoundingBox): BoundingBox {
  return {
    x1: Math.round(box.x1),
    y1: Math.round(box.y1),
    x2: Math.round(box.x2),
    y2: Math.round(box.y2),
  };
}
