// Builds the browser programs: client/ → build/client/ with content-hashed names and a manifest.
// Called by bin/dateline.mjs when the sources have changed, or by hand with Node 24.
// Must never leave a manifest that names a file which is not there, nor skip a part silently.

import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clientsHash } from './launch-state.mjs'

const ICON = 'client/favicon.svg' // browsers ask for it under this very name
const KEEP_OLD_MS = 24 * 3600_000 // pages made before the build, and servers still running, ask for the old names

/** Builds what `root` holds. Returns the manifest: `{ 'reader.js': 'reader-<hash>.js', … }`. Throws when a part is missing. */
export async function buildClients(root) {
  const hash = clientsHash(root) // before the build: a file changed meanwhile makes the next start build again
  const target = join(root, 'build/client')
  const temporary = join(root, `build/.client-${process.pid}`)
  fs.mkdirSync(temporary, { recursive: true })
  try {
    const manifest = await buildProgram(root, temporary, 'reader', 'client/reader/main.ts', 'client/reader/reader.css')
    // What was seen, apart: it is loaded last, and reading goes on without it.
    if (fs.existsSync(join(root, 'client/reader/seen.ts'))) {
      Object.assign(manifest, await buildProgram(root, temporary, 'seen', 'client/reader/seen.ts', null))
    }
    // The forms that work without a script: a style sheet alone.
    if (fs.existsSync(join(root, 'client/desk-plain/desk.css'))) {
      Object.assign(manifest, await buildProgram(root, temporary, 'desk-plain', null, 'client/desk-plain/desk.css'))
    }
    // Passkeys on the pages of sign-in: a script alone.
    if (fs.existsSync(join(root, 'client/sign-in/main.ts'))) {
      Object.assign(manifest, await buildProgram(root, temporary, 'sign-in', 'client/sign-in/main.ts', null))
    }
    // The board of stories keeps itself current: a script alone.
    if (fs.existsSync(join(root, 'client/board/main.ts'))) {
      Object.assign(manifest, await buildProgram(root, temporary, 'board', 'client/board/main.ts', null))
    }
    if (fs.existsSync(join(root, 'client/desk/main.tsx'))) {
      const css = fs.existsSync(join(root, 'client/desk/desk.css')) ? 'client/desk/desk.css' : null
      Object.assign(manifest, await buildProgram(root, temporary, 'desk', 'client/desk/main.tsx', css))
      // The server sends it under a name of its own: a browser looks for a newer one at the address it knows.
      Object.assign(manifest, await buildProgram(root, temporary, 'desk-worker', 'client/desk/worker/main.ts', null))
      Object.assign(manifest, await drawIcons(root, temporary))
    }
    fs.copyFileSync(join(root, ICON), join(temporary, basename(ICON)))
    manifest[basename(ICON)] = basename(ICON)
    putInPlace(temporary, target, manifest, hash)
    return manifest
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true })
  }
}

// For a home screen. A maskable one may be cut round: its drawing stands in the middle, its ground reaches every edge.
async function drawIcons(root, outDir) {
  const { default: sharp } = await import('sharp')
  const drawing = fs.readFileSync(join(root, ICON), 'utf8')
  const masked = drawing
    .replace('viewBox="0 0 32 32"', 'viewBox="-5 -5 42 42"')
    .replace('<rect width="32" height="32" rx="6"', '<rect x="-5" y="-5" width="42" height="42"')
  const manifest = {}
  for (const [key, svg, size] of [
    ['desk-192.png', drawing, 192],
    ['desk-512.png', drawing, 512],
    ['desk-masked-512.png', masked, 512],
  ]) {
    const density = (72 * size) / 32
    const bytes = await sharp(Buffer.from(svg), { density }).resize(size, size).png({ compressionLevel: 9 }).toBuffer()
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 8)
    const name = key.replace('.png', `-${hash}.png`)
    fs.writeFileSync(join(outDir, name), bytes)
    manifest[key] = name
  }
  return manifest
}

// What is asked for later has neither styles nor parts of its own to fetch beside it: Vite's helper for those is 3 KB for nothing.
const WITHOUT_PRELOAD = {
  name: 'dateline-without-preload',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : null),
}

// Every schema of zod can be told as JSON Schema, which the server does and no browser: 4 KB with gzip. What is left answers with itself.
const WITHOUT_JSON_SCHEMA = {
  name: 'dateline-without-json-schema',
  transform(code, id) {
    if (!/[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/.test(id)) return null
    const names = [...code.matchAll(/^export (?:function|const) (\w+)/gm)].map(([, name]) => name)
    const exports = names.map((name) => `export const ${name} = none`)
    return { code: ['const none = () => none', ...exports].join('\n'), map: null }
  },
}

// One program is one script and at most one style sheet: a reader on a slow line pays for every request. Only what it
// asks for later (import()) stands in files of its own.
async function buildProgram(root, outDir, name, script, style) {
  for (const source of [script, style]) {
    if (source !== null && !fs.existsSync(join(root, source))) throw new Error(`${source} is missing.`)
  }
  const { build } = await import('vite')
  const input = {
    ...(script === null ? {} : { [name]: join(root, script) }),
    ...(style === null ? {} : { [`${name}-style`]: join(root, style) }),
  }
  const result = await build({
    root,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [WITHOUT_PRELOAD, WITHOUT_JSON_SCHEMA],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      ...{
        outDir,
        emptyOutDir: false,
        minify: true,
        cssMinify: true,
        assetsInlineLimit: 0,
        modulePreload: false,
        chunkSizeWarningLimit: 800,
      },
      rolldownOptions: {
        input,
        output: {
          entryFileNames: '[name]-[hash].js',
          chunkFileNames: 'chunk-[hash].js',
          assetFileNames: (file) => `${file.names[0]?.replace(/-style\b.*$|\.\w+$/, '')}-[hash][extname]`,
        },
      },
    },
  })
  return manifestOf(name, result.output, script !== null)
}

/** The manifest of one program from what Vite wrote. Throws unless it is one script and, at most, one style sheet. */
export function manifestOf(name, output, hasScript = true) {
  const files = output.filter((file) => !(file.type === 'chunk' && file.name === `${name}-style`))
  const chunks = files.filter((file) => file.type === 'chunk')
  // What a program loads when it is first asked for: named in the manifest, so that it is kept as long as the program.
  const later = chunks.filter((file) => file.isDynamicEntry)
  const scripts = chunks.filter((file) => !file.isDynamicEntry).map((file) => file.fileName)
  const styles = files.filter((file) => file.fileName.endsWith('.css')).map((file) => file.fileName)
  if (scripts.length !== Number(hasScript) || styles.length > 1) {
    throw new Error(
      `${name}: expected one script and one style sheet, got ${files.map((file) => file.fileName).join(', ')}.`,
    )
  }
  return {
    ...(hasScript ? { [`${name}.js`]: scripts[0] } : {}),
    ...Object.fromEntries(later.map((file) => [`${name}-${file.name}.js`, file.fileName])),
    ...(styles.length === 1 ? { [`${name}.css`]: styles[0] } : {}),
  }
}

// Each step is one rename, hashed files first: at every moment the manifest in place names files that are there.
function putInPlace(from, to, manifest, hash) {
  fs.mkdirSync(to, { recursive: true })
  const wanted = new Set(Object.values(manifest))
  for (const name of fs.readdirSync(from)) {
    if (wanted.has(name) || !/^\w+-style-.*\.js$/.test(name)) fs.renameSync(join(from, name), join(to, name))
  }
  for (const [name, content] of [
    ['manifest.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['.hash', hash],
  ]) {
    fs.writeFileSync(join(from, name), content)
    fs.renameSync(join(from, name), join(to, name))
  }
  for (const name of fs.readdirSync(to)) {
    const path = join(to, name)
    const old = Date.now() - fs.statSync(path).mtimeMs > KEEP_OLD_MS
    if (old && !wanted.has(name) && /-[\w-]{8}\.\w+$/.test(name)) fs.rmSync(path)
  }
}

if (process.argv[1] !== undefined && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await buildClients(dirname(dirname(fileURLToPath(import.meta.url))))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
