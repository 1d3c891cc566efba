import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { appKey } from '../../core/app.ts'
import { writeWhole } from '../../edge/write-whole.ts'

type Shell = Readonly<Record<string, string | undefined>>

/** What stands before the shell's own authorities in a file with both: where they are from. */
const FROM = '# From '

/**
 * The file that `NODE_EXTRA_CA_CERTS` is to name: our authority's own, or where the shell names another already a file
 * with both, beside ours.
 */
export function authoritiesFile(authority: string, shell: Shell): string {
  const other = shellAuthorities(dirname(authority), shell)
  if (other === undefined) return authority
  let theirs: string
  try {
    theirs = readFileSync(other, 'utf8')
  } catch {
    return authority // what cannot be read is not trusted now either
  }
  const ours = readFileSync(authority, 'utf8').trimEnd()
  const both = `${ours}\n${FROM}${JSON.stringify(other)}\n${theirs}`
  // Every command loads this file: node:crypto would cost each of them 10 ms.
  const path = `${dirname(authority)}/with-${appKey(other)}.pem`
  writeWhole(path, both, { mode: 0o600 })
  return path
}

/** The file that a shell names of its own, also where it has been pointed to one in our folder since. */
export function shellAuthorities(folder: string, shell: Shell): string | undefined {
  const named = shell['DYNO_CALLER_NODE_EXTRA_CA_CERTS'] ?? shell['NODE_EXTRA_CA_CERTS']
  if (!named) return undefined
  if (dirname(named) !== folder) return named
  try {
    const lines = readFileSync(named, 'utf8').split('\n')
    const note = lines.find((line) => line.startsWith(FROM))
    return note && JSON.parse(note.slice(FROM.length))
  } catch {
    return undefined // it is gone, or not as we wrote it
  }
}
