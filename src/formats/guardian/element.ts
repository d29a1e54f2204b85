// One element of a Guardian block, in whichever shape it came.
// Called by the files of this folder. Never reads what an element says: only which kind it is and where its facts stand.

import { isThing, listOf, type Thing } from '../jsonld/json.ts'
import { textOf } from '../jsonld/values.ts'

/** `data` holds what it says, `assets` its files. */
export type Element = { kind: string; data: Thing; assets: Thing[] }

/** "model.dotcomrendering.pageElements.TextBlockElement" and the content API's "text" are the same kind. null: no kind. */
export function elementOf(raw: unknown): Element | null {
  if (!isThing(raw)) return null
  const name = textOf(raw._type) || textOf(raw.type)
  const kind = name
    .replace(/^.*\./, '')
    .replace(/(?:Block)?Element(?:V2)?$/, '')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase()
  if (kind === '') return null
  const data = Object.entries(raw).find(([key, value]) => key.endsWith('TypeData') && isThing(value))?.[1]
  return { kind, data: isThing(data) ? data : raw, assets: listOf(raw.assets).filter(isThing) }
}
