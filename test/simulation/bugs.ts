// Bugs that can be planted, to show that the simulation bites. Each is one a live blog or a broker has had.
// Called by the sanity test and by `run.ts --bug`.

export const BUGS = {
  'ring-keeps-text': 'the hub replays a withdrawn or corrected text from its ring',
  'archive-replay': 'a replay is answered with frames as they once were, not folded',
  'trust-doorbell': 'the follower takes its position from the ring instead of the log',
  'no-poll': 'a lost ring is never made up for',
  'fold-ignores-version': 'a superseded entry goes out as the post',
  'sequence-hole': 'a position is taken and nothing is written at it',
  'ack-before-commit': 'an act is acknowledged and rolled back',
  'torn-page': 'a page tells a newer position than its posts have',
  'same-epoch': 'a restore keeps the epoch',
} as const

export type Bug = keyof typeof BUGS
export type Bugs = ReadonlySet<Bug>
