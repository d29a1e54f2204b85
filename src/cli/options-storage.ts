// The options of the photo storage: S3-compatible object storage in place of the data folder.
// Called by options.ts, which spreads them into the one table.
// Must never accept half of them: photos would land in a place nobody meant.

import { isMetadataAddress } from '../base/internet-address.ts'
import { matching, named, parseBoolean, type Rows } from './option.ts'

export type StorageOptions = {
  /** Origin without a trailing slash. Null = photos lie in the data folder. */
  s3Endpoint: string | null
  s3Bucket: string | null
  s3Region: string
  s3AccessKeyId: string | null
  s3SecretAccessKey: string | null
  s3PathStyle: boolean
  /** '' or ending in a slash. */
  s3Prefix: string
}

const NEEDED = {
  s3Endpoint: 'S3_ENDPOINT',
  s3Bucket: 'S3_BUCKET',
  s3AccessKeyId: 'S3_ACCESS_KEY_ID',
  s3SecretAccessKey: 'S3_SECRET_ACCESS_KEY',
} as const
const FURTHER = { s3Region: 'S3_REGION', s3PathStyle: 'S3_PATH_STYLE', s3Prefix: 'S3_PREFIX' } as const

export const STORAGE_ROWS: Rows<StorageOptions> = {
  s3Endpoint: {
    ...named('S3_ENDPOINT', 'origin', 'S3-compatible storage for photos, as `https://s3.eu-central-1.amazonaws.com`.'),
    default: null,
    shown: 'photos lie in the data folder',
    parse: parseEndpoint,
  },
  s3Bucket: {
    ...named('S3_BUCKET', 'name', 'Its bucket, which must exist. It stays private: readers get photos from Dateline.'),
    default: null,
    shown: 'none',
    parse: (text) => matching(text, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket, as my-photos'),
  },
  s3Region: {
    ...named('S3_REGION', 'name', 'The region that requests are signed for.'),
    default: 'us-east-1',
    parse: (text) => matching(text, /^[a-z0-9-]{1,40}$/, 'the name of a region, as eu-central-1'),
  },
  s3AccessKeyId: {
    ...named('S3_ACCESS_KEY_ID', 'text', 'The key’s id.'),
    default: null,
    shown: 'none',
    parse: (text) => matching(text, /^[\x21-\x7e]{1,200}$/, 'one word'),
  },
  s3SecretAccessKey: {
    ...named('S3_SECRET_ACCESS_KEY', 'text', 'The key’s secret.'),
    default: null,
    shown: 'none',
    secret: true,
    parse: (text) => matching(text, /^[\x21-\x7e]{1,500}$/, 'one word'),
  },
  s3PathStyle: {
    ...named(
      'S3_PATH_STYLE',
      'true / false',
      'Put the bucket into the path (MinIO and most others), not before the host name.',
    ),
    default: true,
    parse: parseBoolean,
  },
  s3Prefix: {
    ...named('S3_PREFIX', 'text', 'Stands before the name of every object, where a bucket is shared.'),
    default: '',
    shown: 'none',
    parse: (text) =>
      `${matching(text.replace(/\/+$/, ''), /^[A-Za-z0-9_-]+(?:[./]?[A-Za-z0-9_-]+)*$/, 'letters, digits, -, _ and /, as live/photos')}/`,
  },
}

/** Sentences; none when all or nothing is set. `isSet`: given by anybody, whether or not it could be read. */
export function halfStorage(isSet: (key: keyof StorageOptions) => boolean): string[] {
  const keys = Object.keys(NEEDED) as (keyof typeof NEEDED)[]
  const missing = keys.filter((key) => !isSet(key))
  const given = Object.entries({ ...NEEDED, ...FURTHER }).filter(([key]) => isSet(key as keyof StorageOptions))
  if (given.length === 0 || missing.length === 0) return []
  const [names, wanted] = [given.map(([, name]) => name), missing.map((key) => NEEDED[key])]
  return [
    `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} set without ${wanted.join(', ')}. ` +
      'Set them all for S3-compatible storage, or none to keep photos in the data folder.',
  ]
}

function parseEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const right = url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
  if (!right || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new Error('an http or https origin without a path, as https://s3.example.org')
  if (isMetadataAddress(url.hostname.replace(/^\[|\]$/g, '')))
    throw new Error('storage, and this is an address where machines keep their own secrets')
  return url.origin
}
