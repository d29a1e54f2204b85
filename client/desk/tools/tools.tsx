// The tools of the desk that are loaded when they are first opened: the first load stays small.
// Loaded by views/later.tsx alone.

export { BulkBar } from './bulk-bar.tsx'
