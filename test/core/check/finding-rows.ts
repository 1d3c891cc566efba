import assert from 'node:assert/strict'
import { checkText } from '../../../src/core/check/check-text.ts'
import type { FileKind } from '../../../src/core/check/file-kind.ts'
import type { Severity } from '../../../src/core/check/rule.ts'
import type { RuleId } from '../../../src/core/check/rules.ts'
import { rules } from '../../../src/core/check/rules.ts'

/** What a row expects: the line, and the rule with its severity before it. */
export type ExpectedFinding = readonly [line: number, rule: `${Severity} ${RuleId}`]

/** The lines, severities and rules of what is found in a text that stands alone, in the order of the file. */
export function foundIn(kind: FileKind, text: string): ExpectedFinding[] {
  const around = { outer: () => undefined }
  return checkText({ name: kind === 'dotenv' ? '.env' : 'Procfile', kind, text }, around).map(
    ({ line, rule, severity }) => [line, `${severity} ${rule}`],
  )
}

/** Fails unless these are found in it, in any order within a line, and nothing else. */
export function assertFound(kind: FileKind, text: string, expected: readonly ExpectedFinding[]): void {
  for (const [, found] of expected) {
    const [severity, id] = found.split(' ') as [Severity, RuleId]
    assert.equal(rules.get(id)?.severity, severity, id)
  }
  const inOrder = (rows: readonly ExpectedFinding[]) => rows.map(([line, id]) => `${line} ${id}`).sort()
  assert.deepEqual(inOrder(foundIn(kind, text)), inOrder(expected))
}
