// What a command says: its answer on standard output, for a pipe or a variable, and sentences about it on standard error.
// Called by the commands that give out a secret.

/** Each ends its lines itself; absent = nothing. */
export type Said = { out?: string; note?: string }

export function say({ out = '', note = '' }: Said): void {
  process.stdout.write(out)
  process.stderr.write(note)
}
