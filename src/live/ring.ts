// The newest frames of one story, in order, each as it may be sent now.
// Called by the hub. Pure: no clock, no reader.
// Never holds text that a later frame withdrew or corrected (law 8).

/**
 * Stands among the mentions of every frame that carries the story's own parts. The newest carries them whole, so that in
 * older ones they are no use, and a summary or a lead picture that was taken back must not be sent from there.
 */
export const STORY_PARTS = ''

/** One entry of the public log as bytes. What the ring must know to take text back stands beside them. */
export type Frame = {
  seq: number
  bytes: Uint8Array
  /** The post this entry is about; absent for an entry about the story. */
  postId?: string
  /** True when older frames of `postId` may no longer be sent as they were: every entry after the first of a post. */
  supersedes?: boolean
  /** Other posts whose words stand in the bytes (in the re-rendered regions: pinned, key events). */
  mentions?: readonly string[]
}

/**
 * The bytes of a frame without the words of `postId`, which is its own post or one it mentions: a `superseded` change, or the
 * change without its regions. null when that cannot be had: the frame is forgotten and read from the log again.
 */
export type Stub = (storyId: string, frame: Frame, postId: string) => Uint8Array | null

export type RingLimits = { frames: number; bytes: number }

export type Ring = {
  /** seq of the newest frame; a ring that was never filled knows no head. */
  head(): number | null
  /** True when every frame after `seq` up to the head is here. */
  covers(seq: number): boolean
  /** The frame of `seq`; null when it is not here. */
  at(seq: number): Frame | null
  /** Appends what is newer than the head and returns it. A hole forgets what came before. */
  append(frames: readonly Frame[]): { fresh: Frame[]; hole: boolean }
  /** Puts older frames in front when they join on; on an empty ring they set the head. */
  prepend(frames: readonly Frame[], head: number): void
}

export function createRing(storyId: string, limits: RingLimits, stub: Stub): Ring {
  let frames: Frame[] = []
  let head: number | null = null
  let bytes = 0

  const base = () => (head ?? 0) - frames.length + 1
  const trim = () => {
    while (frames.length > 0 && (frames.length > limits.frames || bytes > limits.bytes)) {
      bytes -= frames.shift()?.bytes.length ?? 0
    }
  }
  const replace = (next: Frame[]) => {
    frames = next
    bytes = next.reduce((sum, frame) => sum + frame.bytes.length, 0)
    trim()
  }
  return {
    head: () => head,
    covers: (seq) => head !== null && seq >= base() - 1 && seq <= head,
    at: (seq) => frames[seq - base()] ?? null,
    append(incoming) {
      const fresh = incoming.filter((frame) => head === null || frame.seq > head)
      let hole = false
      for (const frame of fresh) {
        if (head !== null && frame.seq !== head + 1) {
          hole = true
          replace([])
        }
        if (takesBack(frame).length > 0) replace(mend(storyId, frames, [frame], stub))
        frames.push(frame)
        bytes += frame.bytes.length
        head = frame.seq
      }
      trim()
      return { fresh, hole }
    },
    prepend(older, olderHead) {
      if (head === null) {
        head = olderHead
        replace([...older])
        return
      }
      const before = older.filter((frame) => frame.seq < base())
      if (before.length === 0 || before.at(-1)?.seq !== base() - 1) return
      replace([...mend(storyId, before, frames, stub), ...frames])
    },
  }
}

/**
 * `older` as they may be sent after `newer`: dense, oldest first. A frame that cannot be mended takes everything before it
 * along, for what is left must reach to the newest without a hole.
 */
export function mend(storyId: string, older: readonly Frame[], newer: readonly Frame[], stub: Stub): Frame[] {
  const since = newer.flatMap(takesBack)
  if (since.length === 0) return [...older]
  let kept: Frame[] = []
  for (const frame of older) {
    const mended = since.reduce((left: Frame | null, later) => left && without(storyId, left, later, stub), frame)
    if (mended === null) kept = []
    else kept.push(mended)
  }
  return kept
}

type TakenBack = { seq: number; postId: string }

/** What may no longer be sent as it was in frames before this one. */
export function takesBack({ seq, postId, supersedes, mentions }: Frame): TakenBack[] {
  const own = supersedes && postId !== undefined ? [{ seq, postId }] : []
  return mentions?.includes(STORY_PARTS) ? [...own, { seq, postId: STORY_PARTS }] : own
}

function without(storyId: string, frame: Frame, { seq, postId }: TakenBack, stub: Stub): Frame | null {
  if (seq <= frame.seq) return frame
  if (frame.postId !== postId && !frame.mentions?.includes(postId)) return frame
  const bytes = stub(storyId, frame, postId)
  return bytes && { ...frame, bytes, mentions: frame.mentions?.filter((id) => id !== postId) ?? [] }
}
