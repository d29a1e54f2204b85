// `dateline <command>`: reads the options, then hands over. Started by bin/dateline.mjs.
// Never holds work of its own: each command is a file in commands/.

import { AppError, isAppError } from '../domain/error.ts'
import { type Parsed, parseOptions } from './options.ts'
import { optionsHelp } from './options-print.ts'
import { programVersion } from './place.ts'
import { type CommandName, commandHelp, commandList, flagsOf, isCommand } from './usage.ts'

type Run = (parsed: Parsed) => Promise<void>
type Command = {
  /** Words beside the flags. */
  takesWords?: true
  load: () => Promise<Run>
}

const LOADED: Record<CommandName, Command> = {
  start: { load: async () => (await import('./commands/start.ts')).start },
  serve: { load: async () => (await import('./commands/start.ts')).serveQuietly },
  import: { takesWords: true, load: async () => (await import('./commands/import.ts')).importPage },
  export: { takesWords: true, load: async () => (await import('./commands/export.ts')).exportStory },
  replay: { takesWords: true, load: async () => (await import('./commands/replay.ts')).replay },
  token: { takesWords: true, load: async () => (await import('./commands/token.ts')).token },
  backup: { takesWords: true, load: async () => (await import('./commands/backup.ts')).backup },
  restore: { takesWords: true, load: async () => (await import('./commands/restore.ts')).restore },
  verify: { takesWords: true, load: async () => (await import('./commands/verify.ts')).verify },
  media: { takesWords: true, load: async () => (await import('./commands/media.ts')).media },
  user: { takesWords: true, load: async () => (await import('./commands/user.ts')).user },
  config: { load: async () => (await import('./commands/config.ts')).config },
  // By now the launcher has done it.
  build: {
    load: async () => async () => void process.stderr.write('Dependencies and browser programs are in place.\n'),
  },
}

async function main(argv: string[]): Promise<void> {
  const words = argv.filter((word) => !word.startsWith('-'))
  const [name = 'help', about = ''] = words
  if (argv.includes('--version')) return void process.stdout.write(`${programVersion()}\n`)
  if (name === 'help') return void process.stdout.write(isCommand(about) ? commandHelp(about) : help())
  if (!isCommand(name)) throw new AppError('invalid', `There is no command "${name}". \`dateline --help\` lists them.`)
  if (argv.includes('--help') || argv.includes('-h')) return void process.stdout.write(commandHelp(name))
  const at = argv.indexOf(name)
  const { takesWords, load } = LOADED[name]
  const parsed = parseOptions([...argv.slice(0, at), ...argv.slice(at + 1)], process.env, flagsOf(name))
  if (!takesWords) refuseWords(name, parsed.rest)
  const run = await load()
  await run(parsed)
}

/** `start 8080` must not start on 4321. */
function refuseWords(name: CommandName, rest: readonly string[]): void {
  const word = rest.find((one) => !flagsOf(name).includes(one))
  if (word !== undefined)
    throw new AppError('invalid', `\`dateline ${name}\` takes no "${word}". See \`dateline ${name} --help\`.`)
}

function help(): string {
  const more = 'Flags of a command and an example: dateline <command> --help'
  const settings = 'Settings of every command (each also by environment, see docs/configuration.md):'
  return `dateline <command> [options]\n\n${commandList()}\n${more}\n\n${settings}\n${optionsHelp()}`
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const expected = isAppError(error) && error.code !== 'internal'
  process.stderr.write(`${expected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`)
  process.exit(1)
}
