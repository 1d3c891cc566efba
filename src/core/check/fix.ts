import { readAssignments } from '../config/config-line.ts'
import { readTypeLine } from '../procfile/procfile-line.ts'
import { BYTE_ORDER_MARK } from '../procfile/source-lines.ts'
import { safeText } from '../safe-text.ts'
import { linesInValues, maskDotenvLine } from './check-dotenv.ts'
import type { TextFile } from './check-text.ts'
import type { FileKind } from './file-kind.ts'
import { maskSecrets } from './secret.ts'
import { linesOf } from './text-file.ts'

/** A text with what is safe to repair repaired: byte-order mark, CRLF, and the blanks around names. */
export function fixText(kind: FileKind, text: string): string {
  // Of two carriage returns one is a character of the line: who dropped both would change it.
  const plain = text.replace(/^\uFEFF+/, '').replace(/(?<!\r)\r\n/g, '\n')
  if (kind !== 'procfile') return plain
  return plain
    .split('\n')
    .map((line, i) => fixTypeLine(line, i + 1))
    .join('\n')
}

// Only of a line that is a process type already is it known what is meant.
function fixTypeLine(text: string, number: number): string {
  if (/^[ \t]*(?:#|$)/.test(text)) return text
  const read = readTypeLine({ number, text })
  if (read.is === 'mistake') return text
  const { nameAt, colonEnd } = read
  const rest = text.slice(colonEnd)
  return `${text.slice(nameAt, colonEnd)}${/^[ \t]/.test(rest) ? '' : ' '}${rest}`
}

/**
 * A change of a text as a unified diff, in which what cannot be seen has a name, and of what may be a secret only the
 * shape is shown; the lines are as many as before.
 */
export function diffLines({ name, kind, text }: TextFile, fixed: string): string[] {
  const [old, now] = [text.split('\n'), fixed.split('\n')]
  const inside = linesInValues(kind === 'dotenv' ? readAssignments(linesOf(text)).assignments : [])
  const mask = (line: string, number: number) =>
    kind === 'dotenv' ? maskDotenvLine(line, inside.has(number)) : maskSecrets(line)
  const changed = [...old.keys()].filter((i) => old[i] !== now[i])
  const lines: string[] = []
  for (let at = 0; at < changed.length; ) {
    let end = at
    while (end + 1 < changed.length && changed[end + 1]! === changed[end]! + 1) end++
    const [first, last] = [changed[at]!, changed[end]!]
    const count = last - first + 1
    lines.push(`@@ -${first + 1},${count} +${first + 1},${count} @@`)
    for (let i = first; i <= last; i++) lines.push(`-${named(mask(old[i]!, i + 1))}`)
    for (let i = first; i <= last; i++) lines.push(`+${named(mask(now[i]!, i + 1))}`)
    at = end + 1
  }
  return lines.length === 0 ? [] : [`--- ${named(name)}`, `+++ ${named(name)}`].concat(lines)
}

function named(line: string): string {
  const shown = line.replaceAll('\r', '␍').replaceAll(BYTE_ORDER_MARK, '<BOM>').replaceAll('\t', '→')
  return safeText(shown, '\uFFFD')
}
