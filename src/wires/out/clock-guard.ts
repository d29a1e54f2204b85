// Tells whether the database's clock may be believed: a jump forward would let embargoed posts out early.
// Called by the release worker at every look. Pure: both clocks are passed in.

export const MAX_JUMP_MS = 2_000 // between two looks; more is no slewing, no rounding and no slow answer
export const HOLD_MS = 10 * 60_000 // after that a jumped clock that did not go back is taken for right: somebody set it

/** `wall`: the database's clock. `steady`: a clock nobody sets, which goes on while the machine sleeps. Both in ms. */
export type Look = { wall: number; steady: number }
export type Verdict = 'trusted' | 'held' | 'accepted'

/**
 * `trusted`: release. `held`: the clock jumped forward, release nothing. `accepted`: it was held and is taken for right
 * from now on. A jump back is believed at once: it makes everything later.
 */
export function createClockGuard(): (look: Look) => Verdict {
  let offset: number | null = null // wall minus steady, as last trusted
  let heldSince: number | null = null
  return ({ wall, steady }) => {
    const now = wall - steady
    if (offset === null || now - offset <= MAX_JUMP_MS) {
      offset = now
      heldSince = null
      return 'trusted'
    }
    heldSince ??= steady
    if (steady - heldSince < HOLD_MS) return 'held'
    offset = now
    heldSince = null
    return 'accepted'
  }
}
