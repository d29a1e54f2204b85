// Answers what is no request that HTTP could read: no route ever sees it, so it is written on the bare socket.
// Called by app.ts for the server's clientError.
// Never says more than the kind of fault: whose request it was is not known.

import type { Socket } from 'node:net'
import { AppError } from '../domain/error.ts'
import { PROBLEM, problemOf } from './errors.ts'

type Unreadable = { status: string; error: AppError }

/** HTTP has statuses of its own for these; the codes are ours. */
const BY_CODE: Readonly<Record<string, Unreadable>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    error: new AppError('too_large', 'The headers of this request are larger than 16 KB.'),
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    error: new AppError('invalid', 'The request took too long to arrive.'),
  },
}
const OTHER: Unreadable = {
  status: '400 Bad Request',
  error: new AppError('invalid', 'This is no HTTP request that can be read.'),
}

export function answerUnreadable({ code = '' }: { code?: string }, socket: Socket): void {
  if (code !== 'ECONNRESET' && socket.writable) socket.write(answerTo(BY_CODE[code] ?? OTHER))
  socket.destroy()
}

function answerTo({ status, error }: Unreadable): string {
  const body = JSON.stringify({ ...problemOf(error), status: Number.parseInt(status, 10) })
  const headers = [
    `Content-Type: ${PROBLEM}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ]
  return [`HTTP/1.1 ${status}`, ...headers, '', body].join('\r\n')
}
