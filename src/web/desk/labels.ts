// The names of the forms' fields as people read them.
// Called by the views and by what names a field in a sentence. Pure.

/** Names of fields as they are sent → the words at the field. */
export const LABELS: Readonly<Record<string, string>> = {
  email: 'E-mail address',
  headline: 'Headline',
  text: 'Text',
  place: 'Place',
  byline: 'Byline',
  tags: 'Tags',
  source: 'Source',
  verification: 'Verification',
  breaking: 'Breaking',
  keyEvent: 'Key event',
  keyEventTitle: 'Short title of the key event',
  note: 'What was wrong',
  caption: 'Caption',
  credit: 'Credit',
  agency: 'Agency',
  alt: 'What the photo shows',
  clipTitle: 'Title of the clip',
  clipCaption: 'Caption of the clip',
  clipCredit: 'Credit of the clip',
  title: 'Title',
  standfirst: 'Standfirst',
  language: 'Language',
  timeZone: 'Time zone',
  slug: 'Last part of the address',
  reason: 'Reason',
  noteText: 'A note',
  deskNote: 'What its author should know',
}

/** `image2-caption` → "Caption of image 2". What has no words of its own is named as it is sent. */
export function labelOf(name: string): string {
  const picture = /^image(\d+)-(\w+)$/.exec(name)
  if (picture) return `${LABELS[picture[2] ?? ''] ?? picture[2]} of image ${picture[1]}`
  return (Object.hasOwn(LABELS, name) && LABELS[name]) || name
}
