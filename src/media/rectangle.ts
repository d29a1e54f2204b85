// The part of a picture that is kept of it when it is cut, as shares of its size.
// Called by media/intake.ts and media/decode-child.ts, which passes it as text. Pure.

/** From the upper left corner of the upright picture; each from 0 to 1. */
export type Rectangle = { x: number; y: number; width: number; height: number }

const MIN_SIDE = 10 // pixels; less is a slip of the hand

export const rectangleText = ({ x, y, width, height }: Rectangle): string => [x, y, width, height].join(',')

/** null for anything but four numbers that lie in a picture. */
export function parseRectangle(text: string): Rectangle | null {
  const [x = -1, y = -1, width = -1, height = -1, ...more] = text.split(',').map(Number)
  const inside = [x, y].every((side) => side >= 0 && side < 1) && width > 0 && height > 0
  return inside && more.length === 0 && x + width <= 1.000_001 && y + height <= 1.000_001
    ? { x, y, width, height }
    : null
}

/** Whole pixels inside the picture; null when less than MIN_SIDE would be left. */
export function pixelsOf({ x, y, width, height }: Rectangle, size: { width: number; height: number }) {
  const left = Math.round(x * size.width)
  const top = Math.round(y * size.height)
  const area = {
    ...{ left, top },
    width: Math.min(Math.round(width * size.width), size.width - left),
    height: Math.min(Math.round(height * size.height), size.height - top),
  }
  return area.width >= MIN_SIDE && area.height >= MIN_SIDE ? area : null
}
