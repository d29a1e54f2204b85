// The rows of the option table for HTTPS spoken by the node itself.
// Called by options.ts.
// Never opens a file: whether a certificate is any good is asked when the node starts.

import { matching, named, type Rows, wholeNumber } from './option.ts'

export type TlsOptions = {
  /** Null = HTTP. Both or neither. */
  tlsCert: string | null
  tlsKey: string | null
  /** Null = no such port. */
  httpRedirectPort: number | null
}

const path = (text: string) => matching(text, /^[^\0]+$/, 'the path of a file')

export const TLS_ROWS: Rows<TlsOptions> = {
  tlsCert: {
    ...named(
      'TLS_CERT',
      'path',
      'Certificate in PEM form, followed by those it is signed by, for a node that speaks HTTPS itself. Allowed only together with TLS_KEY. A renewed file is taken up by itself.',
    ),
    default: null,
    shown: 'none: HTTP',
    parse: path,
  },
  tlsKey: {
    ...named('TLS_KEY', 'path', 'Its private key in PEM form, without a passphrase.'),
    default: null,
    shown: 'none',
    parse: path,
  },
  httpRedirectPort: {
    ...named(
      'HTTP_REDIRECT_PORT',
      'number',
      'TCP port on which plain HTTP is answered with a redirect to PUBLIC_URL. Needs TLS_CERT and PUBLIC_URL.',
    ),
    default: null,
    shown: 'none',
    parse: wholeNumber(0, 65_535),
  },
}

type Asked = TlsOptions & { publicUrl: string | null }

/** Sentences; empty = they fit together. */
export function tlsProblems({ tlsCert, tlsKey, httpRedirectPort, publicUrl }: Asked): string[] {
  const problems: string[] = []
  if ((tlsCert === null) !== (tlsKey === null)) {
    const [set, missing] = tlsCert === null ? ['TLS_KEY', 'TLS_CERT'] : ['TLS_CERT', 'TLS_KEY']
    problems.push(`${set} is set without ${missing}. Set both, or none for HTTP.`)
  }
  if (tlsCert !== null && publicUrl?.startsWith('http:'))
    problems.push('PUBLIC_URL begins with http:, but with TLS_CERT the node speaks HTTPS. Let it begin with https:.')
  if (httpRedirectPort !== null && (tlsCert === null || publicUrl === null))
    problems.push(
      'HTTP_REDIRECT_PORT is set without TLS_CERT, TLS_KEY and PUBLIC_URL. Set all of them, or leave it out.',
    )
  return problems
}
