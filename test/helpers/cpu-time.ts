// How long this thread computed, apart from how long it had to wait for a core: a busy machine is no finding.
// Called by tests of bombs.

/** ms of processor time that `work` took. */
export function cpuMs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
