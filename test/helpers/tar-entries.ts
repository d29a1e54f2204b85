// The entries of a tar in memory, to be changed as somebody would who means harm.
// Called by the hostile tests of backups and of stories' archives.

import { type ParsedTarEntryWithData, packTar } from 'modern-tar'
import { sha256 as sha256Of } from '../../src/cli/archive/tar-read.ts'

export type Entries = ParsedTarEntryWithData[]
export type Change = (entries: Entries) => Entries

export function entry(name: string, text: string | Uint8Array): Entries[number] {
  const data = new Uint8Array(Buffer.from(text as string))
  return { header: { name, size: data.length, type: 'file' }, data }
}

/** '' where there is no such entry. */
export function textOf(entries: Entries, name: string): string {
  return Buffer.from(entries.find(({ header }) => header.name === name)?.data ?? []).toString()
}

export function edit(name: string, work: (text: string) => string): Change {
  return (entries) =>
    entries.map((one) => (one.header.name === name ? entry(name, work(Buffer.from(one.data ?? []).toString())) : one))
}

/** `work` changes the manifest in its place. */
export function editManifest<Manifest>(work: (found: Manifest) => unknown): Change {
  return edit('manifest.json', (text) => {
    const found = JSON.parse(text) as Manifest
    work(found)
    return JSON.stringify(found)
  })
}

export function sha256(data: Uint8Array | undefined): string {
  return sha256Of(data ?? new Uint8Array())
}

/** Sizes are those of the data. */
export function packed(entries: Entries): Promise<Uint8Array> {
  return packTar(entries.map((one) => ({ header: { ...one.header, size: one.data?.length ?? 0 }, body: one.data })))
}
