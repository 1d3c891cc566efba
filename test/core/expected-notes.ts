import assert from 'node:assert/strict'
import type { Note } from '../../src/core/note.ts'

/** A note a row expects: line, column, and words of its message. */
export type ExpectedNote = readonly [line: number, column: number, words: RegExp]

/** Fails unless these are the notes, in this order, and no others. */
export function assertNotes(actual: readonly Note[], expected: readonly ExpectedNote[]): void {
  assert.deepEqual(
    actual.map(({ line, column }) => [line, column]),
    expected.map(([line, column]) => [line, column]),
    `places of ${JSON.stringify(actual)}`,
  )
  for (const [i, [, , words]] of expected.entries()) assert.match(actual[i]!.message, words)
}
