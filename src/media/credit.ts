// Captions and credits as agencies write them.
// Called by media intake and importers. Never drops a name: what is not understood stays whole.

/** `photographer` and `agency` '' = not named. */
export type Credit = { photographer: string; pool: boolean; agency: string }

const LEAD = /^(?:(?:file\s+)?(?:photo(?:graph)?|picture|image|foto|credit)s?(?:\s+credit)?\s*(?::|\bby\b)\s*|by\s+)/i
const AGENCY =
  /^(?:AP|AFP|EPA|EPA-EFE|EFE|PA|PA Media|PA Wire|DPA|APA|ANSA|ANP|TASS|Xinhua|Kyodo|UPI|ZUMA|Reuters|Getty|Getty Images|Bloomberg|Anadolu|Anadolu Agency|Alamy|Shutterstock|Rex|NurPhoto|Sipa|Magnum|Press Association|Associated Press|Agence France-Presse)(?:\s+(?:Photo|Images|Pictures|Wire|Pool))?$/i
const GENERIC = /^(?:(?:file|archive|handout|courtesy|stock)\s*(?:photo|image|picture)?|photo|staff)$/i

/** "(Name/Pool Photo via AP)", "REUTERS/Name", "AP Photo/Name", "Name / AFP via Getty Images", "Photograph: Name/PA". */
export function splitCredit(text: string): Credit {
  let rest = text
    .trim()
    .replace(/^[([]\s*/, '')
    .replace(/\s*[)\]]\.?$/, '')
    .replace(LEAD, '')
    .trim()
  let agency = ''
  const via = /^(.*?)(?:\s*[/,]\s*|\s+)?\bvia\s+(.+)$/i.exec(rest)
  if (via) [rest, agency] = [via[1] ?? '', via[2] ?? '']
  const parts = rest
    .split(/\s*\/\s*|\s*,\s*(?=pool\b)/i)
    .map((part) => part.trim())
    .filter(Boolean)
  let pool = false
  const names: string[] = []
  const agencies: string[] = []
  for (const [index, part] of parts.entries()) {
    if (/^pool(?:\s+(?:photo|image|picture))?$/i.test(part)) pool = true
    else if (AGENCY.test(part)) agencies.push(bareAgency(part))
    else if (!GENERIC.test(part)) (index > 0 && names.length > 0 && !via ? agencies : names).push(part)
  }
  const through = via && agencies.length > 0 ? `${agencies.join('/')} via ${agency}` : agency || agencies.join('/')
  return { photographer: names.join('/'), pool, agency: through.replace(/\bpool\b\s*$/i, '').trim() }
}

/** The caption without the credit at its end, in brackets or after the last full stop. */
export function captionWithoutCredit(caption: string, credits: readonly string[]): string {
  let rest = caption.trim()
  for (const credit of credits.map((text) => text.trim()).filter((text) => text.length > 1)) {
    const names = [
      credit,
      ...Object.values(splitCredit(credit)).filter((part) => typeof part === 'string' && part.length > 3),
    ] as string[]
    const bracket = /\s*[([]([^()[\]]{2,200})[)\]]\.?\s*$/.exec(rest)
    if (bracket?.[1] && names.some((name) => bracket[1]?.includes(name))) rest = rest.slice(0, bracket.index)
    else if (rest !== credit && rest.endsWith(credit)) rest = withoutTail(rest, credit)
    else if (rest === credit) rest = ''
  }
  return rest.trim()
}

function withoutTail(caption: string, credit: string): string {
  const before = caption.slice(0, -credit.length)
  const cut = before.replace(/(?:photo(?:graph)?|picture|image|credit|foto)s?(?:\s+credit)?\s*(?::|by)\s*$/i, '')
  // A caption may well end in a name that is also the credit; only after a full stop or a mark it is one.
  return cut !== before || /[.!?|/–—©:]\s*$/.test(cut) ? cut.replace(/[\s|/–—©:]+$/, '') : caption
}

function bareAgency(part: string): string {
  return part.replace(/\s+(?:photo|pool)$/i, '')
}
