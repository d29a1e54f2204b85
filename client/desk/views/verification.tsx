// Whether what a post says is confirmed: the choice, wherever a post is written or marked.
// Called by fields.tsx and tools/flags.tsx.
// Never gives anything but one of the three.

import { type PostContent, VERIFICATIONS } from '../../../src/domain/content.ts'
import { VERIFICATION_WORDS } from '../../../src/domain/plain-fields.ts'

type Verification = PostContent['verification']

/** `first`: the focus begins here. */
export function VerificationChoice(props: { value: Verification; first?: boolean; onChoose(one: Verification): void }) {
  const { value, first = false, onChoose } = props
  return (
    <label>
      Verification
      <select
        autofocus={first}
        value={value}
        onChange={(event) => onChoose(VERIFICATIONS.find((one) => one === event.currentTarget.value) ?? value)}
      >
        {VERIFICATIONS.map((one) => (
          <option key={one} value={one}>
            {VERIFICATION_WORDS[one]}
          </option>
        ))}
      </select>
    </label>
  )
}
