// `dateline user add|list|close|password`: people from the machine's side; the way back in after a forgotten password.
// Called by main.ts. Never takes a password as a word of the command line: others on the machine can read it there.

import { parseArgs } from 'node:util'
import { AppError } from '../../domain/error.ts'
import { type Actor, ROLES } from '../../domain/permission.ts'
import { systemActor } from '../../store/accounts.ts'
import type { People, Person } from '../../store/people.ts'
import { peopleOf } from '../desk.ts'
import type { Parsed } from '../options.ts'
import { openStoreAt, placeOf, sayPlace } from '../place.ts'
import { plainForTerminal } from '../story-words.ts'

const USAGE = 'dateline user list | add <email> --name <name> [--role reporter] | close <email> | password <email>'

type Words = { verb: string; email: string; name: string; role: string }

export async function user({ options, rest }: Parsed): Promise<void> {
  const words = readWords(rest)
  const place = placeOf(options)
  sayPlace(place)
  const store = await openStoreAt(place, options)
  try {
    process.stdout.write(await carryOut(peopleOf(store), words))
  } finally {
    await store.close()
  }
}

/** What to print. Whoever can start this command holds the database, so it acts with every right. Throws `invalid`, `not_found`, `conflict`. */
export async function carryOut(people: People, { verb, email, name, role: wanted }: Words): Promise<string> {
  const actor: Actor = { ...systemActor('command line'), role: 'admin' }
  if (verb === 'list') return listText(await people.list())
  if (verb === 'add') {
    const role = ROLES.find((one) => one === wanted)
    if (!role) throw new AppError('invalid', `--role is one of ${ROLES.join(', ')}.`)
    const { password } = await people.add(actor, { name, email }, role)
    return `Made ${plainForTerminal(email)}, ${role}. The password, shown this once:\n  ${password}\n`
  }
  const person = await people.personByEmail(email)
  if (!person) throw new AppError('not_found', `There is no account of ${plainForTerminal(email)}.`)
  if (verb === 'close') {
    await people.close(actor, person.id)
    return `Closed ${plainForTerminal(person.email)} and signed it out everywhere.\n`
  }
  const closed = person.closedAt === null ? '' : 'The account is closed: open it again on the desk, under People.\n'
  const password = await people.newPassword(actor, person.id)
  return `A new password of ${plainForTerminal(person.email)}, shown this once; every session has ended:\n  ${password}\n${closed}`
}

/** Throws `invalid` with the usage. */
export function readWords(rest: readonly string[]): Words {
  const { values, positionals } = read(rest)
  const [verb = '', email = '', more] = positionals
  const known = ['list', 'add', 'close', 'password'].includes(verb)
  if (!known || more !== undefined || (verb === 'list') !== (email === ''))
    throw new AppError('invalid', `Usage: ${USAGE}`)
  if (verb === 'add' && !values.name) throw new AppError('invalid', `--name is missing. Usage: ${USAGE}`)
  return { verb, email, name: values.name ?? '', role: values.role ?? 'reporter' }
}

function read(rest: readonly string[]) {
  try {
    const options = { name: { type: 'string' }, role: { type: 'string' } } as const
    return parseArgs({ args: [...rest], options, allowPositionals: true })
  } catch (cause) {
    throw new AppError('invalid', `${(cause as Error).message}\nUsage: ${USAGE}`, { cause })
  }
}

function listText(people: readonly Person[]): string {
  const lines = people.map(({ email, name, role, closedAt }) =>
    [email, role, name, ...(closedAt === null ? [] : ['closed'])].map(plainForTerminal).join('\t'),
  )
  return lines.length === 0 ? 'There is no account yet.\n' : `${lines.join('\n')}\n`
}
