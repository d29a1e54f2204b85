// Small parts that every form of the desk has: what is wrong at a field, the harmless first button, a box to tick.
// Called by the other views. Pure.

import type { Story } from '../../../domain/story.ts'
import { attributes, html, type SafeAttributes, type SafeHtml } from '../../../kit/html.ts'
import type { FieldProblems } from '../field-problems.ts'

/** For the field itself: marked as wrong, and described by its problem. `hint`: the id of what describes it anyway. */
export function marks(name: string, problems: FieldProblems, hint?: string): SafeAttributes {
  const wrong = problems[name] !== undefined
  const described = [wrong && problemId(name), hint].filter(Boolean).join(' ')
  return attributes({ 'aria-invalid': wrong && 'true', 'aria-describedby': described || null })
}

/**
 * For a field that holds words of the story: in its language, running as its own letters do, and while it is empty as the story
 * does. An empty placeholder would not tell the style sheet when that is.
 */
export function written(
  { language, direction }: Pick<Story, 'language' | 'direction'>,
  placeholder = ' ',
): SafeAttributes {
  return attributes({ lang: language, dir: 'auto', 'data-dir': direction, placeholder })
}

/** The label with its field, and under it what is wrong. Always one element, so that a grid keeps its cells. */
export function withProblem(name: string, problems: FieldProblems, label: SafeHtml): SafeHtml {
  const problem = problems[name]
  if (problem === undefined) return label
  return html`<div class="wrong">${label}<p class="problem" id="${problemId(name)}">${problem}</p></div>`
}

/**
 * The first button of a form is the one that Enter in a field presses: this one changes nothing, it shows the form again.
 * Out of sight until the keyboard comes to it.
 */
export function checkButton(): SafeHtml {
  return html`<button class="check" name="check" value="1">Check only</button>`
}

export function checkbox(name: string, words: string, checked: boolean): SafeHtml {
  return html`<label class="choice"><input type="checkbox" name="${name}" value="1" ${attributes({ checked })}> <span>${words}</span></label>`
}

function problemId(name: string): string {
  return `${name}-problem`
}
