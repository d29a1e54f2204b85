// The option table shown to people: `dateline config`, the flags of `--help`, and docs/configuration.md.
// Called by cli/; a test holds docs/configuration.md to optionsMarkdown().
// Must never show a secret.

import { OPTION_KEYS, OPTIONS, type OptionKey, type Options, type Sources } from './options.ts'

/** One line per option: name, value, and where it came from. Secrets show only which server they point to. */
export function printOptions(options: Options, sources: Sources): string {
  const rows = OPTION_KEYS.map((key) => {
    const { env, flag, unit } = OPTIONS[key]
    const from = { default: 'default', env: `env ${env}`, file: `file ${env}_FILE`, flag: `flag ${flag}` }[sources[key]]
    const value = shownValue(key, options)
    return [env, unit === undefined ? value : `${value} ${unit}`, `(${from})`] as const
  })
  const wide = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length))
  return rows.map(([name, value, from]) => `${name.padEnd(wide(0))}  ${value.padEnd(wide(1))}  ${from}\n`).join('')
}

/** The flags for `--help`, one line each. */
export function optionsHelp(): string {
  const rows = OPTION_KEYS.map((key) => [`${OPTIONS[key].flag} <${OPTIONS[key].type}>`, OPTIONS[key].doc] as const)
  const wide = Math.min(40, Math.max(...rows.map(([flag]) => flag.length)))
  return rows.map(([flag, doc]) => `  ${flag.padEnd(wide)}  ${plain(doc)}\n`).join('')
}

/** A terminal shows no marks of Markdown, and leads nowhere: a link is the file it leads to. */
function plain(doc: string): string {
  return doc.replace(/\[[^\]]*\]\(([^)]*)\)/g, 'docs/$1').replaceAll('`', '')
}

/** The whole of docs/configuration.md. */
export function optionsMarkdown(): string {
  const rows = OPTION_KEYS.map((key) => {
    const { env, flag, type, unit, doc, secret } = OPTIONS[key]
    const hidden = secret ? ` Secret; \`${env}_FILE\` may name a file that holds it.` : ''
    return `| \`${env}\` | \`${flag}\` | ${unit ?? type} | ${shownDefault(key)} | ${doc}${hidden} |\n`
  })
  return `${INTRO}| environment | flag | type or unit | default | what it does |\n|---|---|---|---|---|\n${rows.join('')}${OUTRO}`
}

const INTRO = `# Configuration

<!-- Made from src/cli/options.ts. Change the table there, then run: node bin/dateline.mjs run src/cli/options-write.ts -->

Dateline starts with no configuration at all. Every setting has an environment variable and a flag; the flag wins.
Settings are checked before anything is opened, and all problems are listed at once. \`dateline config\` prints the settings
in force and where each of them came from, without secrets.

`

const OUTRO = `
## Rules

- A variable that is set but empty is refused: give it a value or leave it out.
- A switch is \`--notify\`, \`--no-notify\` or \`--notify=false\`.
- Flags can be seen by every user of the machine: pass secrets through the environment or a file.
- Without \`DATABASE_URL\` the embedded database is used. Dateline reads no \`PGHOST\`, \`PGDATABASE\` or other \`PG*\` variable; if one is
  set without \`DATABASE_URL\`, it refuses to start rather than open an empty database.
- The \`S3_*\` settings belong together: endpoint, bucket, key id and secret are set all or not at all
  ([photo storage](operations/photo-storage.md)).
- The embedded database never runs as root. Started by root, it runs as user 65534 (\`nobody\`); if that user cannot enter the
  checkout (the current folder, when installed as a package), data are kept in \`/var/lib/dateline/\`, and the start says so.
`

function shownDefault(key: OptionKey): string {
  const { shown, default: value } = OPTIONS[key]
  return shown ?? `\`${String(value)}\``
}

function shownValue(key: OptionKey, options: Options): string {
  const value = options[key]
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0))
    return `- ${shownDefault(key).replaceAll('`', '')}`
  if (OPTIONS[key].secret) return withoutSecrets(String(value))
  return Array.isArray(value) ? value.join(', ') : String(value)
}

// Only what says which database it is; a password may also stand in the query.
function withoutSecrets(value: string): string {
  const url = URL.parse(value)
  if (!url || !/^postgres(?:ql)?:$/.test(url.protocol)) return '***'
  const { protocol, host, pathname } = url
  return `${protocol}//***@${host}${pathname}`
}
