import { styleText } from 'node:util'
import about from '../../../package.json' with { type: 'json' }
import { countedText, countFindings, type Finding, strictly } from '../../core/check/finding.ts'
import { findingsGithub, findingsJson, findingsSarif } from '../../core/check/finding-formats.ts'
import { findingLines, type Paint } from '../../core/check/finding-text.ts'
import { diffLines, fixText } from '../../core/check/fix.ts'
import { readersOf } from '../../core/check/readers-table.ts'
import { explainRule, ruleRows } from '../../core/check/rules.ts'
import { Problem } from '../../core/problem.ts'
import { safeText } from '../../core/safe-text.ts'
import { replaceFile } from '../../edge/replace-file.ts'
import type { Typed } from '../command.ts'
import { drawsInPlace, wantsColours } from '../our-terminal.ts'
import { table } from '../table.ts'
import { type Checked, type CheckTarget, checkFiles, checkTargets } from './check-files.ts'

/** As many findings of a file are shown to a person; the formats for programs have all. */
const MOST_SHOWN = 100

const FORMATS = ['json', 'sarif', 'github'] as const

/** Checks what was typed, and answers with 1 when there are errors. */
export async function checkFindings({ flags, words }: Typed): Promise<number> {
  const { stdout } = process
  const rule = flags.get('explain')
  if (rule !== undefined || flags.has('rules')) {
    stdout.write(rule === undefined ? `${table(ruleRows()).join('\n')}\n` : explainRule(rule))
    return 0
  }
  checkFlags(flags)
  const targets = () => checkTargets(words, flags.get('app'))
  if (!flags.has('watch')) return check(targets(), flags)
  const paths = targets().map(({ path }) => path)
  return watch(paths, () => check(targets(), flags))
}

function checkFlags(flags: Typed['flags']): void {
  const formats = FORMATS.filter((name) => flags.has(name))
  if (formats.length > 1)
    throw new Problem('usage', `--${formats.join(' and --')} do not go together; choose one.`)
  const alone = formats[0]
  const against = ['fix', 'watch', 'explain-readers'].find((name) => flags.has(name) && alone !== undefined)
  if (against && !(against === 'explain-readers' && alone === 'json'))
    throw new Problem('usage', `--${alone} and --${against} do not go together; leave one of them out.`)
}

function check(targets: readonly CheckTarget[], flags: Typed['flags']): number {
  if (flags.has('fix')) fix(checkFiles(targets))
  const checked = checkFiles(targets)
  const findings = flags.has('strict') ? strictly(checked.findings) : checked.findings
  process.stdout.write(shown({ ...checked, findings }, flags))
  return countFindings(findings).error > 0 ? 1 : 0
}

function fix({ texts }: Checked): void {
  for (const file of texts) {
    const fixed = fixText(file.kind, file.text)
    if (fixed === file.text) continue
    if (file.path === '-') throw new Problem('usage', '--fix changes files; name one instead of -.')
    process.stdout.write(`${diffLines(file, fixed).join('\n')}\n`)
    replaceFile(file.path, fixed)
  }
}

function shown(checked: Checked, flags: Typed['flags']): string {
  if (flags.has('json')) return findingsJson(checked.names, checked.findings)
  if (flags.has('sarif')) return findingsSarif(about.version, checked.findings)
  if (flags.has('github')) return findingsGithub(checked.findings)
  return textOf(checked, flags)
}

function textOf({ texts, findings, names }: Checked, flags: Typed['flags']): string {
  const paint = painter(flags)
  const readers = new Map(
    flags.has('explain-readers')
      ? texts.map(({ name, kind, text }) => [name, readersOf(kind, text, (wanted) => process.env[wanted])])
      : [],
  )
  const lines: string[] = []
  for (const [name, found] of Map.groupBy(findings, ({ file }) => file)) {
    lines.push(
      ...found
        .slice(0, MOST_SHOWN)
        .flatMap((finding) => findingLines(finding, paint, readers.get(name)?.(finding.line))),
    )
    if (found.length > MOST_SHOWN)
      lines.push(`${safeText(name, '\uFFFD')}: ${found.length - MOST_SHOWN} more; see them all with --json.`)
  }
  return `${[...lines, summary(names, findings)].join('\n')}\n`
}

function summary(names: readonly string[], findings: readonly Finding[]): string {
  const where = names.length <= 3 ? names.join(', ') : `${names.length} files`
  return `${safeText(where, '\uFFFD')}: ${countedText(countFindings(findings)) || 'nothing found'}`
}

function painter(flags: Typed['flags']): Paint {
  if (!wantsColours(flags, process.stdout)) return (text) => text
  const styles = {
    error: ['red', 'bold'],
    warning: ['yellow', 'bold'],
    note: ['cyan', 'bold'],
    place: ['bold'],
    faint: ['dim'],
  } as const
  return (text, as) => styleText([...styles[as]], text, { validateStream: false })
}

// Each time on an empty screen where there is one; Ctrl-C is the way out, and no mistake.
async function watch(paths: readonly string[], again: () => number): Promise<number> {
  const { stdout } = process
  const { watchApp } = await import('../../edge/watch-app.ts')
  const look = () => {
    if (drawsInPlace(stdout)) stdout.write('\x1b[2J\x1b[H')
    again()
  }
  look()
  const [first, ...others] = paths
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve(0))
  const stop = await watchApp(first!, others, {
    changed: look,
    failed: (why) => reject(new Problem('app', why)),
  })
  try {
    return await promise
  } finally {
    await stop()
  }
}
