// Choosing a part of a photo: drawn with the pointer or a finger, or in four numbers.
// Called by media.tsx.
// Never gives a part that is not inside the photo.

import { useRef, useState } from 'preact/hooks'
import { mediaPath } from '../../../src/domain/address.ts'

/** As shares of the photo, from its upper left corner. */
export type Part = { x: number; y: number; width: number; height: number }

const WHOLE: Part = { x: 0, y: 0, width: 1, height: 1 }
const LEAST = 0.02 // of a side; less is a tap
const SIDES = { x: 'From the left', y: 'From the top', width: 'Width', height: 'Height' } as const
const SHAPES: readonly [string, number][] = [
  ['Square', 1],
  ['3 : 2', 3 / 2],
  ['16 : 9', 16 / 9],
]

type Props = { media: string; size: { width: number; height: number }; onCut(part: Part): Promise<void> }

export function Crop({ media, size, onCut }: Props) {
  const [part, setPart] = useState(WHOLE)
  const from = useRef<{ x: number; y: number } | null>(null)
  const whole = part.width > 0.999 && part.height > 0.999
  const at = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: within((event.clientX - box.left) / box.width), y: within((event.clientY - box.top) / box.height) }
  }
  const draw = (to: { x: number; y: number }) => {
    if (!from.current) return
    const [width, height] = [Math.abs(to.x - from.current.x), Math.abs(to.y - from.current.y)]
    if (width < LEAST || height < LEAST) return
    setPart({ x: Math.min(to.x, from.current.x), y: Math.min(to.y, from.current.y), width, height })
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (!whole) void onCut(part)
      }}
    >
      <h3>Keep only a part of it</h3>
      <p class="hint">
        Draw it on the photo, or give it in per cent. What is cut away is in none of the files that readers get.
      </p>
      <div
        class="crop"
        onPointerDown={(event) => {
          from.current = at(event)
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={(event) => draw(at(event))}
        onPointerUp={() => {
          from.current = null
        }}
        onPointerCancel={() => {
          from.current = null
        }}
      >
        <img src={mediaPath(media, 800, 'jpg')} alt="The whole photo" draggable={false} />
        <span
          class="crop-part"
          style={{
            left: `${part.x * 100}%`,
            top: `${part.y * 100}%`,
            width: `${part.width * 100}%`,
            height: `${part.height * 100}%`,
          }}
        />
      </div>
      <div class="acts small">
        {SHAPES.map(([name, ratio]) => (
          <button type="button" key={name} onClick={() => setPart(shaped(size, ratio))}>
            {name}
          </button>
        ))}
        <button type="button" class="quiet" onClick={() => setPart(WHOLE)}>
          The whole photo
        </button>
      </div>
      <div class="when">
        {(['x', 'y', 'width', 'height'] as const).map((side) => (
          <label key={side}>
            {SIDES[side]}
            <input
              type="number"
              min={0}
              max={100}
              value={Math.round(part[side] * 100)}
              onChange={(event) => setPart(changed(part, side, event.currentTarget.valueAsNumber / 100))}
            />
          </label>
        ))}
      </div>
      <div class="acts">
        <button type="submit" class="main" aria-disabled={whole}>
          Put the part into the text
        </button>
      </div>
    </form>
  )
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share))
}

/** The other side of it gives way. */
function changed(part: Part, side: keyof Part, to: number): Part {
  if (Number.isNaN(to)) return part
  const next = { ...part, [side]: within(to) }
  next.x = Math.min(next.x, 1 - LEAST)
  next.y = Math.min(next.y, 1 - LEAST)
  next.width = Math.max(LEAST, Math.min(next.width, 1 - next.x))
  next.height = Math.max(LEAST, Math.min(next.height, 1 - next.y))
  return next
}

/** The largest part of this shape, from the middle. */
function shaped({ width, height }: Props['size'], ratio: number): Part {
  const wide = width / height / ratio
  const part = wide > 1 ? { width: 1 / wide, height: 1 } : { width: 1, height: wide }
  return { x: (1 - part.width) / 2, y: (1 - part.height) / 2, ...part }
}
