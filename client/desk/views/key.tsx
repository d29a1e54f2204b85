// A key as it is written beside its button.
// Called by the views.

/** "Ctrl Enter", or "⌘ Enter" on a Mac. Not read aloud: the button's name says what it does. */
export function Key({ of }: { of: string }) {
  return (
    <kbd aria-hidden="true">
      {CONTROL} {of}
    </kbd>
  )
}

export const CONTROL = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'
