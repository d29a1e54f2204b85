// What a machine can find wrong for people with disabilities: axe on a page as it stands, in light and in dark.
// Called by the journeys. Asks from a world of its own beside the page's scripts, so that the page's policy stays in force.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { CDPSession, Page } from 'playwright-core'

type Scheme = 'light' | 'dark'
type Run = { runOnly?: readonly string[]; resultTypes: readonly string[] }

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'] // in the dark nothing but colours is another

const sessions = new WeakMap<Page, CDPSession>() // kept: a virtual authenticator of the page leaves with any session that is let go

async function sessionOf(page: Page): Promise<CDPSession> {
  const known = sessions.get(page)
  if (known) return known
  const cdp = await page.context().newCDPSession(page)
  sessions.set(page, cdp)
  return cdp
}

/** Every rule in the first scheme, those about colours in the others. Leaves the page in light. */
export async function assertAccessible(page: Page, what = '', schemes: readonly Scheme[] = ['light', 'dark']) {
  const cdp = await sessionOf(page)
  try {
    const { frameTree } = await cdp.send('Page.getFrameTree')
    const { executionContextId: contextId } = await cdp.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
      worldName: 'axe',
    })
    await cdp.send('Runtime.evaluate', { expression: SOURCE, contextId })
    for (const [index, scheme] of schemes.entries()) {
      await page.emulateMedia({ colorScheme: scheme })
      const run: Run = { resultTypes: ['violations'], ...(index === 0 ? {} : { runOnly: COLOUR_RULES }) }
      const expression = `axe.run(document, ${JSON.stringify(run)}).then(({ violations }) => violations.flatMap(
        ({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + '\\n  ' + failureSummary)))`
      const answer = { contextId, expression, awaitPromise: true, returnByValue: true }
      const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', answer)
      assert.equal(exceptionDetails, undefined, exceptionDetails?.exception?.description)
      assert.deepEqual(result.value, [], `${page.url()} ${what}, ${scheme}\n${(result.value as string[]).join('\n')}`)
    }
  } finally {
    await page.emulateMedia({ colorScheme: 'light' })
  }
}
