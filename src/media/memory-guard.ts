// Ends this process when it holds more memory than a picture is worth.
// Called by the child programs of this room only: the server must never end itself over memory.

export const MAX_DECODED_BYTES = 350 * 1024 * 1024 // what a picture may take beyond what the program itself takes
const LOOK_EVERY_MS = 10 // a decoder fills about 10 MB in that time

/** Decoding runs on other threads, so this one is free to look. Exits with `EXIT_MEMORY`. */
export function guardMemory(bytes = MAX_DECODED_BYTES): void {
  const base = process.memoryUsage.rss()
  setInterval(() => {
    if (process.memoryUsage.rss() - base > bytes) process.exit(EXIT_MEMORY)
  }, LOOK_EVERY_MS).unref()
}

export const EXIT_MEMORY = 77
