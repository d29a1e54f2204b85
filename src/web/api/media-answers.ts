// The record of a photo as the API tells it: the desk's words where there are any, else those made from what its file said.
// Called by media-acts.ts. Never tells where a photo was taken.

import { whyNotUsed } from '../../domain/photo-rights.ts'
import { readMetadata, wordsOfRecord } from '../../media/metadata.ts'
import type { KeptPhoto } from '../../store/photo-records.ts'

export function recordAnswer(photo: KeptPhoto, now: number) {
  const { metadata, words: _words, createdBy: _by, clip, ...rest } = photo
  const { takenAt, gps, alt: _alt, description: _description, ...said } = readMetadata(metadata)
  const usable = !photo.withdrawn && whyNotUsed('', photo, now) === null
  return { ...rest, duration: clip?.duration ?? 0, ...wordsOfRecord(photo), takenAt, gps, usable, said }
}
