import assert from 'node:assert/strict'
import test from 'node:test'
import { type Dotenv, parseDotenv } from '../../src/core/config/config.ts'
import { assertNotes, type ExpectedNote } from './expected-notes.ts'

type Vars = Readonly<Record<string, string>>

/** A text of a `.env` that is accepted, and what it sets. */
export type AcceptedRow = {
  readonly says: string
  readonly text: string
  readonly vars: Vars
  readonly warnings?: readonly ExpectedNote[]
}

/** Every text is followed by this line, because tools of this kind like to lose what comes after an odd line. */
export const LAST = '\nT_ZZ=end'

const SHELL: Vars = { HOME: '/home/ada', T_B: 'from the shell', T_EMPTY: '' }

/** `$` and a brace, apart, so that no linter takes them for a template. */
export const $ = (inside: string) => `\u0024{${inside}}`

/** Reads a text in a shell that has HOME, T_B and T_EMPTY. */
export function read(text: string): Dotenv {
  return parseDotenv(text, (name) => SHELL[name])
}

/** A test of each row. */
export function acceptsRows(rows: readonly AcceptedRow[]): void {
  for (const { says, text, vars, warnings = [] } of rows) {
    test(says, () => {
      const dotenv = read(text + LAST)
      assertNotes(dotenv.errors, [])
      assert.deepEqual(dotenv.vars, new Map([...Object.entries(vars), ['T_ZZ', 'end']]))
      assertNotes(dotenv.warnings, warnings)
    })
  }
}
