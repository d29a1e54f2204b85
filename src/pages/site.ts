// What a reader's page needs to know of the installation.
// Passed in by web; read by every page.
// Never holds anything of one reader or one request.

/** `origin` without a trailing slash: "https://live.example". */
export type Site = { name: string; origin: string; language: string }

/** Paths of the built reader's program and style sheet; `seen`: the program that counts what was seen. */
export type Assets = { script: string; style: string; seen: string }
