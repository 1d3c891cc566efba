/** Sends a signal, by number, to a process that may be gone by now. */
export function sendSignal(pid: number, signal: number): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // Gone meanwhile (ESRCH), or a set-uid program that is not ours to signal (EPERM).
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
