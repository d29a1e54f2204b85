// What in a source file could open a connection of its own: globals such as fetch, and Node's network modules.
// Called by test/architecture.test.ts. Reads the syntax tree, so that words in comments and strings are no use of anything.
// Never lets a way through because it is spelled unusually: what cannot be told apart counts as a use.

import { parseSync } from 'vite'

type Tree = { type: string; [key: string]: unknown }

const GLOBALS = new Set(['fetch', 'WebSocket', 'WebSocketStream', 'EventSource', 'XMLHttpRequest', 'sendBeacon'])
const NETWORK = new Set(['http', 'https', 'http2', 'net', 'tls', 'dns', 'dns/promises', 'dgram', 'quic', 'undici'])
/** Names of those modules that reach nobody. */
const HARMLESS = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'STATUS_CODES', 'METHODS'])
const LOADERS = new Set(['require', 'getBuiltinModule', 'createRequire'])

/** Each way once, in the order of the file; empty = the file reaches nobody. Throws when the file does not parse. */
export function outboundUses(source: string): string[] {
  const { program, errors } = parseSync('source.ts', source)
  if (errors.length > 0) throw new Error(`This file does not parse: ${errors[0]?.message}`)
  const uses = new Set<string>()
  visit(program as unknown as Tree, null, '', uses)
  return [...uses]
}

function visit(node: Tree, parent: Tree | null, key: string, uses: Set<string>): void {
  const use = useOf(node, parent, key)
  if (use) uses.add(use)
  if (isTypeOnly(node)) return
  for (const [inner, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isTree(child)) visit(child, node, inner, uses)
  }
}

function useOf(node: Tree, parent: Tree | null, key: string): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return importUse(node)
    case 'ImportExpression':
      return networkName(node.source) ?? (isText(node.source) ? null : 'an import of a name made at run time')
    case 'CallExpression':
      return loaderUse(node)
    case 'MemberExpression':
      return memberUse(node)
    case 'ObjectPattern':
      return (node.properties as Tree[]).map(nameOfKey).find((name) => GLOBALS.has(name)) ?? null
    case 'Identifier':
      return GLOBALS.has(String(node.name)) && !isMereName(parent, key) ? String(node.name) : null
  }
  return null
}

/** A whole module, or a name of it that is neither a type nor harmless. */
function importUse(node: Tree): string | null {
  const name = networkName(node.source)
  if (!name || node.importKind === 'type' || node.exportKind === 'type') return null
  const specifiers = (node.specifiers ?? []) as Tree[]
  const used = specifiers.filter((one) => {
    const imported = (one.imported ?? one.local) as Tree | undefined
    const isNamed = one.type === 'ImportSpecifier' || one.type === 'ExportSpecifier'
    return !isNamed || (one.importKind !== 'type' && !HARMLESS.has(String(imported?.name)))
  })
  return specifiers.length > 0 && used.length === 0 ? null : name
}

function loaderUse(node: Tree): string | null {
  const callee = node.callee as Tree
  const called = callee.type === 'MemberExpression' ? (callee.property as Tree).name : callee.name
  if (!LOADERS.has(String(called))) return null
  const [first] = node.arguments as Tree[]
  return networkName(first) ?? (called === 'createRequire' || !isText(first) ? String(called) : null)
}

/** `globalThis.fetch` and `globalThis['fetch']`; `somebody.fetch()` is an affair of theirs. */
function memberUse(node: Tree): string | null {
  const property = node.property as Tree
  const name = node.computed ? (isText(property) ? property.value : null) : property.name
  if (name === 'sendBeacon') return 'sendBeacon'
  const object = node.object as Tree
  const isGlobal = ['globalThis', 'global', 'window', 'self'].includes(String(object.name))
  return isGlobal && GLOBALS.has(String(name)) ? `${object.name}.${name}` : null
}

/** A place where the word names a part of something else: `x.fetch`, `{ fetch: 1 }`, a method or a type's member. */
function isMereName(parent: Tree | null, key: string): boolean {
  return !parent?.computed && (key === 'property' || key === 'key' || key === 'label')
}

/** `const { fetch: get } = globalThis` takes it under another name. */
function nameOfKey(property: Tree): string {
  return isTree(property.key) ? String(property.key.name ?? property.key.value) : ''
}

function isTypeOnly(node: Tree): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  return /^TS(?:Interface|TypeAlias|TypeAnnotation|TypeParameter|TypeReference)/.test(node.type)
}

function networkName(source: unknown): string | null {
  const name = isTree(source) && isText(source) ? String(source.value).replace(/^node:/, '') : ''
  return NETWORK.has(name) ? name : null
}

function isText(node: unknown): node is Tree {
  return isTree(node) && node.type === 'Literal' && typeof node.value === 'string'
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && typeof (value as Tree).type === 'string'
}
