// Internet addresses: which are out in the open (the rule behind the guarded fetch), and which are one customer's.
// Called by base/fetch.ts and by what counts per client. Never resolves a name; unknown kinds of address are not public.

import { BlockList, isIPv4, isIPv6 } from 'node:net'

// Everything the IANA special-purpose registries keep from the open internet, and the metadata address of one large host.
const CLOSED_V4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32`
// Only 2000::/3 is in use as open internet. Inside it: protocol assignments with Teredo, documentation, 6to4.
const OPEN_V6 = '2000::/3'
const CLOSED_V6 = '2001::/23 2001:db8::/32 2002::/16 3fff::/20'
const NAT64 = '64:ff9b::/96' // the last four bytes are an IPv4 address, which decides

// Where machines in data centres answer with their own keys: never reached, whoever allows what.
const METADATA_V4 = '169.254.0.0/16 168.63.129.16/32 100.100.100.200/32'
const METADATA_V6 = 'fe80::/10 fd00:ec2::/32'
const MAPPED = '::ffff:0:0/96'

const closedV4 = listOf(CLOSED_V4, 'ipv4')
const openV6 = listOf(OPEN_V6, 'ipv6')
const closedV6 = listOf(CLOSED_V6, 'ipv6')
const nat64 = listOf(NAT64, 'ipv6')
const metadataV4 = listOf(METADATA_V4, 'ipv4')
const metadataV6 = listOf(METADATA_V6, 'ipv6')
const mapped = listOf(MAPPED, 'ipv6')

/** `address` without brackets. IPv4-mapped and every other way of wrapping an address is not public. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closedV4.check(address, 'ipv4')
  if (!isIPv6(address) || address.includes('%')) return false
  if (nat64.check(address, 'ipv6')) return isPublicAddress(lastFourBytes(address))
  return openV6.check(address, 'ipv6') && !closedV6.check(address, 'ipv6')
}

/** Link-local and metadata addresses, however they are wrapped. `address` without brackets; false for what is no address. */
export function isMetadataAddress(address: string): boolean {
  const bare = withoutZone(address)
  if (isIPv4(bare)) return metadataV4.check(bare, 'ipv4')
  if (!isIPv6(bare)) return false
  // Ranges of IPv4 match their mapped form too, and the other way round: the last four bytes decide.
  if (mapped.check(bare, 'ipv6') || nat64.check(bare, 'ipv6')) return isMetadataAddress(lastFourBytes(bare))
  return metadataV6.check(bare, 'ipv6')
}

/** What is counted as one client: an IPv6 customer holds a whole /64. What is no address is its own network. */
export function networkOf(address: string): string {
  const bare = withoutZone(address.toLowerCase())
  const plain = bare.startsWith('::ffff:') && isIPv4(bare.slice(7)) ? bare.slice(7) : bare
  if (!isIPv6(plain)) return plain
  return expanded(plain)
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

function withoutZone(address: string): string {
  const at = address.indexOf('%')
  return at < 0 ? address : address.slice(0, at)
}

function listOf(subnets: string, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const subnet of subnets.split(/\s+/)) {
    const [net, prefix] = subnet.split('/')
    list.addSubnet(net ?? '', Number(prefix), family)
  }
  return list
}

function lastFourBytes(address: string): string {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [high, low] = expanded(canonical)
    .slice(-2)
    .map((group) => Number.parseInt(group, 16))
  return [(high ?? 0) >> 8, (high ?? 0) & 255, (low ?? 0) >> 8, (low ?? 0) & 255].join('.')
}

function expanded(address: string): string[] {
  const [head, tail] = address.split('::')
  const left = head ? head.split(':') : []
  const right = tail ? tail.split(':') : []
  return tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
}
