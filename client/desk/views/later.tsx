// Shows a tool that is loaded when it is first asked for, and says so where it cannot be had.
// Called by the views. Never holds up anything but that tool.

import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'

type Tools = typeof import('../tools/tools.tsx')

let loaded: Tools | null = null

export function Later({ show }: { show(tools: Tools): ComponentChildren }) {
  const [tools, setTools] = useState(loaded)
  const [failed, setFailed] = useState(false)
  const load = () => {
    setFailed(false)
    import('../tools/tools.tsx').then(
      (all) => {
        loaded = all
        setTools(all)
      },
      () => setFailed(true),
    )
  }
  useEffect(() => {
    if (!tools) load()
  }, [])
  if (tools) return <>{show(tools)}</>
  if (!failed) return <p class="hint">Loading…</p>
  return (
    <p class="message bad" role="alert">
      This part of the desk could not be loaded. What you wrote is kept.{' '}
      <button type="button" onClick={load}>
        Try again
      </button>
    </p>
  )
}
