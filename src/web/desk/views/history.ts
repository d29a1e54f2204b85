// The revisions of a post, what each of them changed, and the way back to one.
// Called by web/desk/history.ts. Pure.
// Never shows a difference by colour alone: what went is struck out, what came is underlined, and both are said in words.

import type { PartDiff } from '../../../domain/content-diff.ts'
import { isSameText } from '../../../domain/content-diff.ts'
import { CHANGE_WORDS, partWords, revisionWords } from '../../../domain/revision-words.ts'
import { html, type SafeHtml } from '../../../kit/html.ts'
import type { RevisionLine } from '../../../store/desk-lists.ts'
import type { DeskPost, DeskStory } from '../../../store/desk-reads.ts'
import { written } from './fields.ts'
import { csrfField, deskPage, type Notice, notice, problem, type Shell, timeTag } from './shell.ts'
import { storyTrail } from './story-tools.ts'

export function historyPath(storyId: string, postId: string): string {
  return `/desk/stories/${storyId}/posts/${postId}/history`
}

/** `from` 0: the first text, compared with nothing. `diff` null: one of the two texts is not kept. */
export type HistoryView = {
  shell: Shell
  story: DeskStory
  post: DeskPost
  revisions: readonly RevisionLine[] // newest first
  from: number
  to: number
  diff: readonly PartDiff[] | null
  /** What they may do with an earlier text. */
  restores: 'draft' | 'published' | null
  note: string
  told: Notice | null
  error: string | null
}

export function historyPage(view: HistoryView): SafeHtml {
  const { shell, story, post, revisions, error, told } = view
  const body = html`<h1>History of the post</h1>
${notice(told)}${problem(error, error ? 'Nothing was changed.' : '')}
${compared(view)}
<section aria-labelledby="revisions-title"><h2 id="revisions-title">Revisions</h2>
<ol class="rows">${revisions.map((line) => revisionRow(view, line))}</ol></section>
<p class="acts"><a href="${backPath(post)}">Back to the post</a> <a href="/desk/stories/${story.id}#post-${post.id}">Back to the story</a></p>`
  return deskPage({ title: 'History of the post', shell, body, trail: storyTrail(story) })
}

function backPath({ storyId, id, state }: DeskPost): string {
  return `/desk/stories/${storyId}/${state === 'published' || state === 'withdrawn' ? 'posts' : 'drafts'}/${id}`
}

function revisionRow({ story, post, from, to }: HistoryView, line: RevisionLine): SafeHtml {
  const at = historyPath(story.id, post.id)
  const { revision } = line
  const shown = revision === to && from === revision - 1
  return html`<li><p class="facts"><b>Revision ${revision}</b> <span>${revisionWords(line.kind)}</span> ${timeTag(line.at, story.timeZone, { second: true })}
${line.by.name ? html`<span>${line.by.name}</span>` : ''}${revision === post.revision ? html`<span class="chip">Now</span>` : ''}</p>
${line.note ? html`<p dir="auto">${line.note}</p>` : ''}
<div class="acts small">${shown ? html`<span class="hint">Shown above</span>` : html`<a class="button" href="${at}?to=${revision}">What it changed</a>`}
${revision === post.revision ? '' : html`<a href="${at}?from=${revision}">Compare with now</a>`}</div></li>`
}

function compared(view: HistoryView): SafeHtml {
  const { from, to, diff, post } = view
  const words =
    from === 0
      ? `Revision ${to}, the first text`
      : `From revision ${from} to revision ${to}${to === post.revision ? ', the text now' : ''}`
  return html`<section class="diff" aria-labelledby="diff-title"><h2 id="diff-title">${words}</h2>
${diff === null ? html`<p class="empty">One of these texts is not kept any more.</p>` : differences(view, diff)}
${diff === null || from === 0 || to !== post.revision ? '' : restoreForm(view, from)}
${diff !== null && to !== post.revision && from !== to ? html`<p class="hint">To go back to revision ${to}, <a href="${historyPath(view.story.id, post.id)}?from=${to}">compare it with the text now</a>.</p>` : ''}</section>`
}

function differences({ story }: HistoryView, diff: readonly PartDiff[]): SafeHtml {
  if (isSameText(diff)) return html`<p class="empty">The texts are the same.</p>`
  return html`<p class="hint">What was there before is <del>struck out</del>, what came is <ins>underlined</ins>.</p>
<dl class="differs" lang="${story.language}">${diff.map((part) => partOf(part))}</dl>`
}

function partOf({ part, change, pieces }: PartDiff): SafeHtml {
  const said = CHANGE_WORDS[change]
  return html`<dt lang="en" dir="ltr">${partWords(part)}${said ? html` <span class="chip" data-state="${change}">${said}</span>` : ''}</dt><dd class="pre" dir="auto">${pieces.map(
    ({ change: what, text }) => {
      const shown =
        part === 'image' && /^[0-9a-z]{16,32}$/.test(text)
          ? html`<img src="/media/${text}/400.jpg" alt="Photo" width="96" loading="lazy">`
          : text
      if (what === 'kept') return html`${shown}`
      return what === 'added' ? html`<ins>${shown}</ins>` : html`<del>${shown}</del>`
    },
  )}</dd>`
}

/** An earlier text, compared with the one now: what stands struck out comes back. */
function restoreForm({ shell, story, post, restores, note }: HistoryView, from: number): SafeHtml {
  if (restores === null) return html``
  const hidden = html`${csrfField(shell)}<input type="hidden" name="revision" value="${from}"><input type="hidden" name="seen" value="${post.revision}">`
  const act = `${historyPath(story.id, post.id).replace(/history$/, 'restore')}`
  if (restores === 'draft')
    return html`<form method="post" action="${act}" class="acts">${hidden}<button name="way" value="draft">Restore this text</button> <span class="hint">The text of revision ${from} is saved as the next revision. Nothing of the history goes.</span></form>`
  return html`<details class="confirm"><summary>Restore this text…</summary><form method="post" action="${act}" class="stack">${hidden}
<p>Readers get the text of revision ${from} as the next revision. Nothing of the history goes.</p>
<div class="ways"><div class="way"><p><b>Revise</b> tells readers “Updated”, no note.</p><button name="way" value="revise">Revise with this text</button></div>
<div class="way"><p><b>Correct</b> where the text now has an error of fact. The note is public.</p>
<label>What was wrong <textarea name="note" rows="2" ${written(story)}>
${note}</textarea></label><button name="way" value="correct">Correct with this text</button></div></div></form></details>`
}
