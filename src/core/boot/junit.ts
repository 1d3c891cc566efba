import type { DynoVerdict, Judgement } from './boot-verdict.ts'

/** What the report says of itself. */
export type Suite = {
  readonly name: string
  /** The app, which its test cases are of. */
  readonly app: string
  /** When it began, in milliseconds since 1970. */
  readonly at: number
  readonly seconds: number
}

/** The verdicts as JUnit XML, which every CI reads: a test case for each dyno and judgement. */
export function junitXml(verdicts: readonly DynoVerdict[], { name, app, at, seconds }: Suite): string {
  const all = verdicts.flatMap(({ judgements }) => judgements)
  const count = (verdict: Judgement['verdict']) => all.filter((each) => each.verdict === verdict).length
  const counts = `tests="${all.length}" failures="${count('bad')}" errors="0"`
  const timestamp = new Date(at).toISOString().slice(0, 19)
  const suite = `${counts} skipped="${count('skipped')}" time="${time(seconds)}" timestamp="${timestamp}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xmlText(name)}" ${counts} time="${time(seconds)}">`,
    `  <testsuite name="${xmlText(name)}" ${suite}>`,
    ...verdicts.flatMap(({ dyno, judgements }) =>
      judgements.flatMap((each) => testcase(`${app}.${dyno}`, each)),
    ),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testcase(classname: string, { criterion, verdict, why, seconds }: Judgement): string[] {
  const begin = `    <testcase classname="${xmlText(classname)}" name="${xmlText(criterion)}" time="${time(seconds)}"`
  if (verdict === 'good') return [`${begin}/>`]
  const child = verdict === 'bad' ? 'failure' : 'skipped'
  const kind = verdict === 'bad' ? ` type="${xmlText(criterion)}"` : ''
  return [`${begin}>`, `      <${child} message="${xmlText(why)}"${kind}/>`, '    </testcase>']
}

function time(seconds: number): string {
  return seconds.toFixed(3)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text as it may stand in XML, also in an attribute; what XML cannot carry, escaped or not, is left out. */
export function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\n\r]+/g, ' ')
    .replace(/[\p{Cc}\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (character) => ESCAPES[character]!)
}
