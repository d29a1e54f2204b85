// The way to a fresh proof of who somebody is, in a window of its own: what is written here stays.
// Called by the tools and the views.

export function ProveLink({ path }: { path: string }) {
  return (
    <p>
      <a href={`${path}?next=%2Fdesk%2Fsigned-in`} target="_blank" rel="noopener">
        Prove that it is you, in a new window
      </a>
      , then press again.
    </p>
  )
}
