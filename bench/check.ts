import { mkdirSync, writeFileSync } from 'node:fs'
import type { AppFacts } from '../src/core/check/app-facts.ts'
import { checkText } from '../src/core/check/check-text.ts'
import type { FileKind } from '../src/core/check/file-kind.ts'
import { LARGEST_FILE } from '../src/core/check/text-file.ts'
import type { BenchApp } from './bench-app.ts'
import { report, timeInTurn, timeOnce } from './stopwatch.ts'

const FILES = 10_000

/** What `dyno check` costs over starting Node, what many files cost, and whether any text of 1 MiB costs too much. */
export async function benchCheck(app: BenchApp): Promise<void> {
  const file = `${app.scratch}/Procfile`
  writeFileSync(file, 'web: node server.js -p $PORT\nworker: node worker.js\nrelease: node migrate.js\n')
  const { env } = app
  const check = { name: 'dyno check', argv: [app.dyno, 'check', file], cwd: app.scratch, env } as const
  const node = { name: 'node', argv: [process.execPath, '-e', '0'] } as const
  const medians = timeInTurn([check, node], 15)
  const ratio = medians.get('dyno check')! / medians.get('node')!
  report('dyno check of one Procfile / node -e 0', ratio, 'at most 2', ratio <= 2)
  benchMany(app)
  benchHostile()
}

function benchMany({ dyno, scratch, env }: BenchApp): void {
  const cwd = `${scratch}/procfiles`
  mkdirSync(cwd)
  const names = Array.from({ length: FILES }, (_, i) => `Procfile.${i}`)
  for (const name of names)
    writeFileSync(`${cwd}/${name}`, 'web: node server.js -p $PORT\nmy_worker:node w.js\n')
  const seconds = timeOnce({ name: `${FILES} Procfiles`, argv: [dyno, 'check', ...names], cwd, env }) / 1000
  report(`${FILES.toLocaleString('en')} Procfiles in one call, seconds`, seconds, 'at most 5', seconds <= 5)
}

// Pieces that expressions stumble over when there are many of them: brackets, quotes, what repeats and what nearly fits.
const PIECES = [
  ...[
    '$(',
    '${',
    '${a',
    '${a:-',
    '"',
    "'",
    '`',
    '(',
    '{',
    '[',
    '{a,',
    '{1..',
    '<(',
    '>',
    '\\',
    '$',
    '#',
    ' #',
    '!',
  ],
  ...[
    'a',
    ' ',
    '\t',
    'a ',
    'A=1 ',
    'a=',
    'a.a.',
    '..',
    '--',
    '--a',
    '-',
    '_',
    'A_',
    ':',
    'a:',
    'web: ',
    '1',
    '*a',
    '*/',
  ],
  ...[
    'x://',
    'x://a:',
    'https://a:b@',
    'SECRET',
    'SECRET=',
    '--token ',
    'AKIA',
    'sk_live_',
    '-----BEGIN ',
    'SG.a.',
  ],
  ...['é', '🍵', '\u00A0', '\u2028', '\r', '\0', '\uFEFF', '"a",', '{"a":', 'A="\\"" ', 'A=a b # "'],
  ...[
    '\n',
    '\r\n',
    'a\n',
    'web: a\n',
    'web: a $(b) "c" > d\n',
    'A=1\n',
    'A="\n',
    "A='\n",
    'A=x"\n',
    '!a*\n',
    'exit\n',
  ],
]
const BEGINNINGS: readonly (readonly [FileKind, ...string[]])[] = [
  ['procfile', '', 'web: '],
  ['dotenv', '', 'A=', 'A="', "SECRET='"],
  ['slugignore', ''],
  ['profile', ''],
  ['app-json', '', '{"formation":'],
]
const APP: AppFacts = { kindOf: () => 'missing', isLeftOut: () => false, textOf: () => undefined }

/** The worst of all texts, and how its time grows with its length. */
function benchHostile(): void {
  let worst = { ms: 0, says: '', kind: 'procfile' as FileKind, begin: '', piece: '' }
  for (const [kind, ...beginnings] of BEGINNINGS) {
    for (const begin of beginnings) {
      for (const piece of PIECES) {
        const ms = timeCheck(kind, begin, piece, LARGEST_FILE)
        if (ms > worst.ms)
          worst = { ms, says: `${kind} of ${JSON.stringify(begin + piece)}`, kind, begin, piece }
      }
    }
  }
  report(`ms for the worst 1 MiB: ${worst.says}`, worst.ms, 'at most 100', worst.ms <= 100)
  // Four times is in a line, sixteen times a square.
  const growth = worst.ms / timeCheck(worst.kind, worst.begin, worst.piece, LARGEST_FILE / 4)
  report('… and how many times longer it takes at four times the length', growth, 'at most 9', growth <= 9)
}

// The least of three.
function timeCheck(kind: FileKind, begin: string, piece: string, size: number): number {
  const bytes = Buffer.byteLength(piece)
  const text = begin + piece.repeat(Math.floor((size - begin.length) / bytes))
  const check = () => checkText({ name: kind, kind, text }, { app: APP, outer: () => undefined })
  if (kind !== 'app-json') return leastOf(check)
  // What V8 itself takes is not ours to mend: of a million brackets it is most of the time.
  return Math.max(0, leastOf(check) - leastOf(() => parsed(text)))
}

// Of this thread's own time: what else the machine does is not the text's fault.
function leastOf(work: () => void): number {
  const times = [0, 1, 2].map(() => {
    const began = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(began)
    return (user + system) / 1000
  })
  return Math.min(...times)
}

function parsed(text: string): void {
  try {
    JSON.parse(text)
  } catch {}
}
