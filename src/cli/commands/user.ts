// `dateline user list|add|invite|role|close|open|password|link|reset-factors`: people from the machine's side; the way back in
// for who is locked out.
// Called by main.ts. Never takes a password as a word of the command line: others on the machine can read it there.

import { parseArgs } from 'node:util'
import { AppError } from '../../domain/error.ts'
import { type Actor, ROLES, type Role } from '../../domain/permission.ts'
import { systemActor } from '../../store/accounts.ts'
import type { Person } from '../../store/people.ts'
import { invitationPath } from '../../web/auth/invitation.ts'
import { signInLink } from '../desk.ts'
import type { Store } from '../open-store.ts'
import type { Options, Parsed } from '../options.ts'
import { openStoreAt, placeOf, sayPlace } from '../place.ts'
import { type Said, say } from '../say.ts'
import { signInStores } from '../sign-in.ts'
import { plainForTerminal } from '../story-words.ts'
import { misused } from '../usage.ts'

// How many words stand behind each: an address, then a role.
const VERBS = {
  list: 0,
  add: 1,
  invite: 1,
  role: 2,
  close: 1,
  open: 1,
  password: 1,
  link: 1,
  'reset-factors': 1,
} as const
type Verb = keyof typeof VERBS
type Stores = Pick<ReturnType<typeof signInStores>, 'people' | 'factors' | 'invitations'> & { origin: string }
type Words = { verb: Verb; email: string; name: string; role: string }

export async function user({ options, rest }: Parsed): Promise<void> {
  const words = readWords(rest)
  const place = placeOf(options)
  sayPlace(place)
  const store = await openStoreAt(place, options, 'must exist')
  try {
    const stores = { ...signInStores(store), origin: originOf(options) }
    say(await (words.verb === 'link' ? makeLink(store, stores, words.email) : carryOut(stores, words)))
  } finally {
    await store.close()
  }
}

/** What to say; a password stands alone. Whoever can start this command holds the database, so it acts with every right. Throws `invalid`, `not_found`, `conflict`. */
export async function carryOut(stores: Stores, words: Words): Promise<Said> {
  const { people } = stores
  const actor: Actor = { ...systemActor('command line'), role: 'admin' }
  if (words.verb === 'list') return { out: listText(await people.list()) }
  if (words.verb === 'add') {
    const role = roleNamed(words.role)
    const { password } = await people.add(actor, { name: words.name, email: words.email }, role)
    const note = `Made ${plainForTerminal(words.email)}, ${role}. The password is shown this once.\n`
    return { out: `${password}\n`, note }
  }
  if (words.verb === 'invite') return invite(stores, actor, words)
  const person = await people.personByEmail(words.email)
  if (!person) throw new AppError('not_found', `There is no account of ${plainForTerminal(words.email)}.`)
  return changed(stores, actor, person, words)
}

async function invite({ invitations, origin }: Stores, actor: Actor, words: Words): Promise<Said> {
  const role = roleNamed(words.role)
  const { token } = await invitations.make(actor, { email: words.email, role, story: null })
  const who = plainForTerminal(words.email)
  const note = `Invited ${who}, ${role}. The link is shown this once, works once, and ends in three days.\n`
  return { out: `${origin}${invitationPath(token)}\n`, note }
}

/** The link stands alone. Throws `not_found`, `conflict`. */
async function makeLink(store: Store, { people, origin }: Stores, email: string): Promise<Said> {
  const person = await people.personByEmail(email)
  if (!person) throw new AppError('not_found', `There is no account of ${plainForTerminal(email)}.`)
  const link = await signInLink(store, origin, person.id)
  return { out: `${link}\n`, note: `Signs ${plainForTerminal(person.email)} in, once, within a quarter of an hour.\n` }
}

function originOf({ publicUrl, tlsCert, port }: Options): string {
  return publicUrl ?? `${tlsCert === null ? 'http' : 'https'}://localhost:${port}`
}

async function changed(
  { people, factors }: Stores,
  actor: Actor,
  person: Person,
  { verb, role: wanted }: Words,
): Promise<Said> {
  const who = plainForTerminal(person.email)
  if (verb === 'role') {
    const role = roleNamed(wanted)
    await people.changeRole(actor, person.id, role)
    return { note: `${who} is ${role} from now on.\n` }
  }
  if (verb === 'close') {
    await people.close(actor, person.id)
    return { note: `Closed ${who} and signed it out everywhere.\n` }
  }
  if (verb === 'open') {
    await people.reopen(actor, person.id)
    return { note: `${who} is open.\n` }
  }
  if (verb === 'reset-factors') {
    await factors.reset(actor, person.id)
    const lost = 'App, recovery codes and passkeys are gone, every session has ended, and failed tries are forgotten.'
    return { note: `${who}: ${lost} Without a password: \`dateline user password ${who}\` makes one.\n` }
  }
  if (verb !== 'password') throw misused('user')
  const closed =
    person.closedAt === null ? '' : `The account is closed: \`dateline user open ${who}\` opens it again.\n`
  const password = await people.newPassword(actor, person.id)
  const note = `A new password of ${who}, shown this once; every session has ended.\n${closed}`
  return { out: `${password}\n`, note }
}

function roleNamed(word: string): Role {
  const role = ROLES.find((one) => one === word)
  if (!role) throw new AppError('invalid', `A role is one of ${ROLES.join(', ')}.`)
  return role
}

/** Throws `invalid` with the usage. */
export function readWords(rest: readonly string[]): Words {
  const { values, positionals } = read(rest)
  const [verb = '', ...words] = positionals
  if (!isVerb(verb) || words.length !== VERBS[verb]) throw misused('user')
  if (verb !== 'add' && (values.name ?? (verb === 'invite' ? undefined : values.role)) !== undefined)
    throw misused('user', '--name is for `user add`, --role for `user add` and `user invite`.')
  if (verb === 'add' && !values.name) throw misused('user', '--name is missing.')
  const [email = '', role = values.role ?? 'reporter'] = words
  roleNamed(role) // before anything opens
  return { verb, email, name: values.name ?? '', role }
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word)
}

function read(rest: readonly string[]) {
  try {
    const options = { name: { type: 'string' }, role: { type: 'string' } } as const
    return parseArgs({ args: [...rest], options, allowPositionals: true })
  } catch (cause) {
    throw misused('user', (cause as Error).message, cause)
  }
}

function listText(people: readonly Person[]): string {
  const lines = people.map(({ email, name, role, closedAt }) =>
    [email, role, name, ...(closedAt === null ? [] : ['closed'])].map(plainForTerminal).join('\t'),
  )
  return lines.length === 0
    ? 'There is no account yet. `dateline start` prints a link for the first one, `dateline user add` makes one.\n'
    : `${lines.join('\n')}\n`
}
