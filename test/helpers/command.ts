// `dateline <command>` as a person runs it, without the launcher and without settings of this machine.
// Called by tests of commands.

import { execFile } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024 // an export on standard output

export type Ran = { code: number; out: string; err: string }

export function dateline(...args: string[]): Promise<Ran> {
  const { DATABASE_URL: _url, DATABASE_PUBLIC_URL: _public, DATA_DIR: _data, PUBLIC_URL: _site, ...env } = process.env
  const options = { cwd: ROOT, env, maxBuffer: MAX_OUTPUT_BYTES }
  return new Promise((done) => {
    execFile(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...args], options, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}
