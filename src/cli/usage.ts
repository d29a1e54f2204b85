// What each command is called with: its lines of usage, its flags, an example. `--help` and every refusal are made from it.
// Called by main.ts and by each command in commands/.
// Must never load a command: help is there when nothing else is.

import { AppError } from '../domain/error.ts'
import { ROLES, SCOPES } from '../domain/permission.ts'

type CommandWords = {
  /** Each a whole line behind `dateline `. */
  usage: readonly string[]
  /** One line of the list of commands. */
  doc: string
  /** The flag as it is typed, with its value, and what it does. The command reads it itself. */
  flags: readonly (readonly [flag: string, doc: string])[]
  /** Behind `dateline `. */
  example: string
}

const TIME_ZONE = ['--time-zone <zone>', 'Zone its times are shown in, as Europe/Paris; UTC unless given.'] as const

export const COMMANDS = {
  start: {
    usage: ['start [--demo]'],
    doc: 'Start the server and print where everything is.',
    flags: [['--demo', 'With a demonstration story that plays by itself.']],
    example: 'start --port 8080 --data-dir /srv/dateline',
  },
  serve: {
    usage: ['serve'],
    doc: 'Start the server, quietly: one node of many.',
    flags: [],
    example: 'serve --host 0.0.0.0',
  },
  import: {
    usage: [
      'import <file|url> [--visibility private] [--time-zone Europe/Paris] [--no-pictures]',
      'import <archive> [--visibility private] [--slug another-address]',
    ],
    doc: "Import a live page (HTML or JSON with a LiveBlogPosting, or a Guardian live blog's JSON), or an exported story.",
    flags: [
      ['--visibility <who>', 'public, unlisted or private. A page is public unless given; an archive is as it was.'],
      TIME_ZONE,
      ['--no-pictures', 'Leave the pictures of a page where they are.'],
      ['--slug <address>', 'Another address for the story of an archive.'],
    ],
    example: 'import https://news.example/live --visibility private',
  },
  export: {
    usage: ['export <story> <file>'],
    doc: 'Write one story with its history into one new file, which import reads elsewhere. - is standard output.',
    flags: [],
    example: 'export my-story my-story.tar',
  },
  replay: {
    usage: ['replay <story|file> [--speed 60] [--rush] [--visibility public] [--time-zone Europe/Paris]'],
    doc: 'Publish a story again with its original rhythm, as a new story that is on no front page.',
    flags: [
      ['--speed <number>', 'So many times as fast: 60 plays an hour in a minute. 1 unless given.'],
      ['--rush', 'As fast as it goes.'],
      [
        '--visibility <who>',
        'unlisted unless given: whoever has its address reads it. public puts it on the front page; private.',
      ],
      TIME_ZONE,
    ],
    example: 'replay my-story --speed 60',
  },
  token: {
    usage: [
      'token create --account <email> --name <name> --scope <scopes> [--expires 90d]',
      'token list [--account <email>]',
      'token revoke <id>',
    ],
    doc: 'Make, list and revoke tokens for the API.',
    flags: [
      ['--account <email>', 'Whose token it is. It may never do more than its account.'],
      ['--name <name>', 'What it is for, for the list.'],
      ['--scope <scopes>', `Of ${SCOPES.join(', ')}; several with commas.`],
      ['--expires <length>', 'As 12h, 30d or 8w; 90d unless given, 365d at most.'],
    ],
    example: 'token create --account ada@example.org --name "Wire room" --scope draft,publish',
  },
  backup: {
    usage: ['backup <file>'],
    doc: 'Write everything into one new file, beside a running server. - is standard output.',
    flags: [],
    example: 'backup /var/backups/dateline/before-upgrade.tar.gz',
  },
  restore: {
    usage: ['restore <file> [--accept-broken-chains]'],
    doc: 'Fill an empty installation from a backup.',
    flags: [['--accept-broken-chains', 'Restore a backup as it is though its logs were tampered with.']],
    example: 'restore before-upgrade.tar.gz --data-dir /srv/dateline-new',
  },
  verify: {
    usage: ['verify [<backup>]'],
    doc: 'Walk the hash chains of every story, or check a backup file without restoring it.',
    flags: [],
    example: 'verify before-upgrade.tar.gz',
  },
  media: {
    usage: ['media copy --from <disk|bucket>'],
    doc: 'Copy every photo from the data folder to the configured bucket, or back.',
    flags: [
      ['--from <place>', 'disk: the data folder. bucket: the one of the S3 settings. Nothing is taken away there.'],
    ],
    example: 'media copy --from disk',
  },
  user: {
    usage: [
      'user list',
      'user add <email> --name <name> [--role reporter]',
      'user invite <email> [--role reporter]',
      'user role <email> <role>',
      'user close <email>',
      'user open <email>',
      'user password <email>',
      'user link <email>',
      'user reset-factors <email>',
    ],
    doc: 'Accounts: list and add them, change a role, close and open one, a new password for a forgotten one, or a one-time link that signs in.',
    flags: [
      ['--name <name>', 'As it stands under posts.'],
      ['--role <role>', `${ROLES.join(', ')}; reporter unless given. guest has only what single stories give.`],
    ],
    example: 'user add bo@example.org --name "Bo Ek" --role editor',
  },
  config: {
    usage: ['config'],
    doc: 'Print every option, its value and where it came from. Secrets are masked.',
    flags: [],
    example: 'config --data-dir /srv/dateline',
  },
  build: {
    usage: ['build'],
    doc: 'Build the browser programs (the launcher does it when needed).',
    flags: [],
    example: 'build',
  },
} as const satisfies Record<string, CommandWords>

export type CommandName = keyof typeof COMMANDS

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name)
}

/** Names only, as `--speed`. */
export function flagsOf(name: CommandName): string[] {
  return COMMANDS[name].flags.map(([flag]) => flag.split(' ', 1)[0] ?? flag)
}

/** `said`: what is wrong, where the usage alone does not tell. */
export function misused(name: CommandName, said?: string, cause?: unknown): AppError {
  return new AppError('invalid', [...(said ? [said] : []), usageText(name)].join('\n'), { cause })
}

/** What `dateline <command> --help` prints. */
export function commandHelp(name: CommandName): string {
  const { doc, flags, example }: CommandWords = COMMANDS[name]
  const wide = Math.max(0, ...flags.map(([flag]) => flag.length))
  const rows = flags.map(([flag, what]) => `  ${flag.padEnd(wide)}  ${what}\n`)
  return [
    `${doc}\n`,
    `${usageText(name)}\n`,
    ...(rows.length > 0 ? [rows.join('')] : []),
    `Example: dateline ${example}\n`,
    'Settings such as --data-dir are taken too: `dateline --help` lists them.\n',
  ].join('\n')
}

/** One line for each command. */
export function commandList(): string {
  const rows = Object.entries<CommandWords>(COMMANDS).map(([name, { doc }]) => `  ${name.padEnd(8)} ${doc}\n`)
  return rows.join('')
}

function usageText(name: CommandName): string {
  const lines = COMMANDS[name].usage.map((line) => `dateline ${line}`)
  return lines.length === 1 ? `Usage: ${lines[0]}` : `Usage:\n  ${lines.join('\n  ')}`
}
