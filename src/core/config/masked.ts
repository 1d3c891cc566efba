/** As much of a secret as tells two of them apart: its length, and its end where that gives nothing away. */
export function masked(value: string): string {
  if (value.length < 12) return '•'.repeat(8)
  return `${'•'.repeat(8)}${value.slice(-2)}  (${value.length} characters)`
}
