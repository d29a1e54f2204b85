// `dateline <command>`: reads the options, then hands over. Started by bin/dateline.mjs.
// Never holds work of its own: each command is a file in commands/.

import { AppError, isAppError } from '../domain/error.ts'
import { type Parsed, parseOptions } from './options.ts'
import { optionsHelp } from './options-print.ts'
import { programVersion } from './place.ts'
import { STORY_FLAGS } from './story-words.ts'

type Command = {
  words: string
  doc: string
  /** Words beside the flags. */
  takesWords?: true
  /** Flags of its own, with the dashes; what they mean is the command's affair. */
  flags: readonly string[]
  load: () => Promise<(parsed: Parsed) => Promise<void>>
}

const COMMANDS: Record<string, Command> = {
  start: {
    words: 'start [--demo]',
    doc: 'Start the server and print where everything is. --demo replays a demonstration story.',
    flags: ['--demo'],
    load: async () => (await import('./commands/start.ts')).start,
  },
  serve: {
    words: 'serve',
    doc: 'Start the server, quietly: one node of many.',
    flags: [],
    load: async () => (await import('./commands/start.ts')).serveQuietly,
  },
  import: {
    words: 'import <file|url>',
    takesWords: true,
    doc: "Import a live page (HTML or JSON with a LiveBlogPosting, or a Guardian live blog's JSON), or an exported story.",
    flags: [...STORY_FLAGS, '--no-pictures', '--slug'],
    load: async () => (await import('./commands/import.ts')).importPage,
  },
  export: {
    words: 'export <story> <file>',
    takesWords: true,
    doc: 'Write one story with its history into one new file, which import reads elsewhere.',
    flags: [],
    load: async () => (await import('./commands/export.ts')).exportStory,
  },
  replay: {
    words: 'replay <story|file>',
    takesWords: true,
    doc: 'Publish a story again with its original rhythm. --speed N: N times as fast; --rush: as fast as it goes.',
    flags: [...STORY_FLAGS, '--speed', '--rush'],
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  token: {
    words: 'token <create|list|revoke>',
    takesWords: true,
    doc: 'Make, list and revoke tokens for the API. `dateline token` alone tells how.',
    flags: ['--account', '--name', '--scope', '--expires'],
    load: async () => (await import('./commands/token.ts')).token,
  },
  backup: {
    words: 'backup <file>',
    takesWords: true,
    doc: 'Write everything into one new file, beside a running server. - is standard output.',
    flags: [],
    load: async () => (await import('./commands/backup.ts')).backup,
  },
  restore: {
    words: 'restore <file>',
    takesWords: true,
    doc: 'Fill an empty installation from a backup.',
    flags: ['--accept-broken-chains'],
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  verify: {
    words: 'verify [<backup>]',
    takesWords: true,
    doc: 'Walk the hash chains of every story, or check a backup file without restoring it.',
    flags: [],
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  user: {
    words: 'user <add|list|close|password>',
    takesWords: true,
    doc: 'Accounts: list, add <email> --name N --role R, close <email>, password <email> for one that was forgotten.',
    flags: ['--name', '--role'],
    load: async () => (await import('./commands/user.ts')).user,
  },
  config: {
    words: 'config',
    doc: 'Print every option, its value and where it came from. Secrets are masked.',
    flags: [],
    load: async () => (await import('./commands/config.ts')).config,
  },
  build: {
    words: 'build',
    doc: 'Build the browser programs (the launcher does it when needed).',
    flags: [],
    load: async () => async () => {},
  },
}

async function main(argv: string[]): Promise<void> {
  const name = argv.find((word) => !word.startsWith('-')) ?? 'help'
  const command = COMMANDS[name]
  if (argv.includes('--version')) return void process.stdout.write(`${programVersion()}\n`)
  if (name === 'help' || argv.includes('--help')) return void process.stdout.write(help())
  if (!command) throw new AppError('invalid', `There is no command "${name}". \`dateline --help\` lists them.`)
  const at = argv.indexOf(name)
  const parsed = parseOptions([...argv.slice(0, at), ...argv.slice(at + 1)], process.env, command.flags)
  if (!command.takesWords) refuseWords(name, parsed.rest, command.flags)
  const run = await command.load()
  await run(parsed)
}

/** `start 8080` must not start on 4321. */
function refuseWords(name: string, rest: readonly string[], flags: readonly string[]): void {
  const word = rest.find((one) => !flags.includes(one))
  if (word !== undefined) throw new AppError('invalid', `\`dateline ${name}\` takes no "${word}". See --help.`)
}

function help(): string {
  const commands = Object.values(COMMANDS).map((command) => `  ${command.words.padEnd(28)} ${command.doc}\n`)
  return `dateline <command> [options]\n\n${commands.join('')}\nOptions (each also by environment, see docs/configuration.md):\n${optionsHelp()}`
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const expected = isAppError(error) && error.code !== 'internal'
  process.stderr.write(`${expected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`)
  process.exit(1)
}
