// HTML of the clipboard as a small tree of names, attributes and text, made without the browser's own parser.
// Called by insert.ts; read by paste-html.ts. The browser's parser would report every style of the clipboard to the page's
// policy, and needs a hole in it for Trusted Types. Never makes a DOM.

import { Parser } from 'htmlparser2'

export type TreeElement = { name: string; attributes: Readonly<Record<string, string>>; children: TreeNode[] }
export type TreeNode = TreeElement | { text: string }

const MAX_DEPTH = 500 // open elements; a mail answered twenty times has about 100
const CHUNK = 8_192 // characters handed over at once, so that a bomb is noticed early

/** null: nested deeper than anything people write. */
export function treeOf(html: string): TreeElement | null {
  const root: TreeElement = { name: 'body', attributes: {}, children: [] }
  const open: TreeElement[] = [root]
  const at = () => open.at(-1) ?? root
  const parser = new Parser({
    onopentag: (name, attributes) => {
      const element = { name, attributes, children: [] }
      at().children.push(element)
      open.push(element)
    },
    onclosetag: () => {
      if (open.length > 1) open.pop()
    },
    ontext: (text) => at().children.push({ text }),
  })
  for (let start = 0; start < html.length; start += CHUNK) {
    parser.write(html.slice(start, start + CHUNK))
    if (open.length > MAX_DEPTH) return null
  }
  parser.end()
  return root
}

export function isElement(node: TreeNode): node is TreeElement {
  return 'name' in node
}

export function textIn(node: TreeNode): string {
  return isElement(node) ? node.children.map(textIn).join('') : node.text
}
