// What the sign-in page has to know of single sign-on, where there is one.
// Called by web/auth/sign-in.ts and the desk's views. Types only, so that neither needs the other.

/** `away`: the provider did not answer at the last try. `only`: there is no password to sign in with. */
export type SsoButton = { label: string; href: string; away: boolean; only: boolean }

/** Where somebody proves at the provider that it is still them, in a window of its own. */
export type SsoProof = { label: string; href: string }

export type SsoOffer = {
  /** Passwords are switched off. */
  only: boolean
  button(next: string): SsoButton
  proof: SsoProof
  /** Where people sign out at the provider; null: not offered, or not known yet. */
  signOutUrl(): string | null
}
