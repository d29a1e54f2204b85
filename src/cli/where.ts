// Under which addresses a node without PUBLIC_URL is reached: from this machine, and from others in its network.
// Called by serve.ts and the start command.
// Must never name an address that nobody can open, such as 0.0.0.0.

import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import type { Options } from './options.ts'

type Listening = Pick<Options, 'host' | 'tlsCert'>

const HERE = ['127.0.0.1', '::1']
const EVERYWHERE = ['0.0.0.0', '::']
const MAX_SHOWN = 4 // a machine with containers has dozens; those of its cards come first

/** As it is typed on this machine. */
export function originOf({ host, tlsCert }: Listening, port: number): string {
  const name = [...HERE, ...EVERYWHERE].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `${tlsCert === null ? 'http' : 'https'}://${name}:${port}`
}

/** As it is typed on a phone in the same network; empty for a node that listens on one address only. */
export function networkOrigins(
  { host, tlsCert }: Listening,
  port: number,
  cards: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string[] {
  if (!EVERYWHERE.includes(host)) return []
  const found = Object.values(cards).flatMap((addresses = []) => addresses)
  const shown = found.filter(({ family, internal }) => family === 'IPv4' && !internal).slice(0, MAX_SHOWN)
  return shown.map(({ address }) => originOf({ host: address, tlsCert }, port))
}
