// A number with its noun, for people at a terminal: English only. Readers' pages have their language's own rules (pages/words.ts).
// Called by cli/ and store/.

/** As "1 picture", "1,204 pictures". `many` where the plural is no mere s. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`
}
