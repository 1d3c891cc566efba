import { byPlace, type Note, type SourceLine } from '../note.ts'
import type { Severity } from './rule.ts'
import { rules } from './rules.ts'
import { maskSecrets } from './secret.ts'

/** What was found in a file. */
export type Finding = Note & {
  readonly file: string
  readonly severity: Severity
  /** The line, as it may be shown: secrets in it are masked. */
  readonly source: string
}

/** How many of each kind there are. */
export type Counted = Readonly<Record<Severity, number>>

/** A note as a finding in this file; `source` is the line it is about. */
export function findingOf(file: string, note: Note, source: string): Finding {
  return { ...note, file, severity: rules.get(note.rule)!.severity, source }
}

/** Notes as findings, in the order of their places; of a secret in a line only the shape is shown. */
export function findingsOf(file: string, lines: readonly SourceLine[], notes: readonly Note[]): Finding[] {
  return notes
    .toSorted(byPlace)
    .map((note) => findingOf(file, note, maskSecrets(lines[note.line - 1]?.text ?? '')))
}

/** The same findings, in which what does not run everywhere is a mistake. */
export function strictly(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) =>
    finding.severity === 'warning' ? { ...finding, severity: 'error' } : finding,
  )
}

export function countFindings(findings: readonly Finding[]): Counted {
  const counted = { error: 0, warning: 0, note: 0 }
  for (const { severity } of findings) counted[severity]++
  return counted
}

/** `2 errors, 1 warning and 3 notes`; '' when there are none. */
export function countedText(counted: Counted): string {
  const parts = (['error', 'warning', 'note'] as const)
    .filter((severity) => counted[severity] > 0)
    .map((severity) => `${counted[severity]} ${severity}${counted[severity] === 1 ? '' : 's'}`)
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
