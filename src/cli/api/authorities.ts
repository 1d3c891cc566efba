import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { appKey } from '../../core/app.ts'

/**
 * The file that `NODE_EXTRA_CA_CERTS` is to name: our authority's own, or where the shell names another already a file
 * with both, beside ours.
 */
export function authoritiesFile(
  authority: string,
  shell: Readonly<Record<string, string | undefined>>,
): string {
  const other = shell['DYNO_CALLER_NODE_EXTRA_CA_CERTS'] ?? shell['NODE_EXTRA_CA_CERTS']
  if (!other || other === authority || dirname(other) === dirname(authority)) return authority
  let theirs: string
  try {
    theirs = readFileSync(other, 'utf8')
  } catch {
    return authority // what cannot be read is not trusted now either
  }
  const both = `${readFileSync(authority, 'utf8').trimEnd()}\n${theirs}`
  // Every command loads this file: node:crypto would cost each of them 10 ms.
  const path = `${dirname(authority)}/with-${appKey(other)}.pem`
  writeFileSync(`${path}.${process.pid}`, both, { mode: 0o600 })
  renameSync(`${path}.${process.pid}`, path)
  return path
}
