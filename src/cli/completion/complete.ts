import { cut, safeText } from '../../core/safe-text.ts'
import { aliases, type Candidate, candidatesFor, flagCandidates } from './candidates.ts'
import { type Wanted, wantedWord } from './wanted-word.ts'

/** What is said of a candidate is cut to so many characters: it stands beside it in a list. */
const ABOUT = 72

/**
 * Prints what the last of these words may be, for the shells' scripts: `word`, or `word TAB what it is`, a line each;
 * a line that begins with a tab, `files` or `folders`, leaves it to the shell. It starts nothing, says nothing on
 * standard error and always succeeds: somebody is in the middle of typing.
 */
export async function complete(typed: readonly string[]): Promise<number> {
  process.stdout.on('error', () => {}) // the shell has lost interest
  try {
    process.stdout.write(await offersFor(typed))
  } catch {
    // the command itself will say what is wrong, when it is typed to its end
  }
  return 0
}

/** What the last of these words may be, in the lines that `complete` prints. */
export async function offersFor(typed: readonly string[]): Promise<string> {
  const wanted = wantedWord(typed)
  const { kinds, flags, prefix, head, before } = wanted
  const all = flagCandidates(flags, { short: /^-[^-]?$/.test(prefix) })
  const candidatesOf = candidatesFor(before)
  for (const kind of kinds) {
    if (kind === 'files' || kind === 'folders') continue
    all.push(...(await candidatesOf(kind).catch(() => []))) // what cannot be read takes nothing else away
  }
  const fitting = all.filter((candidate) => fits(candidate, wanted))
  const others = fitting.length === 0 && kinds.includes('commands') ? aliases() : []
  const lines = [...fitting, ...others.filter((each) => fits(each, wanted))].map((each) => line(each, head))
  return lines.length > 0 ? lines.join('') : leftToShell(wanted)
}

// What is typed already, there or in an earlier word, and what would be a line of its own are not offered.
function fits({ text }: Candidate, { head, prefix, before }: Wanted): boolean {
  const isAssigned = text.endsWith('=')
  const said = [...before.words, ...head.split(',')]
  const isSaid = said.some((word) => word === text || (isAssigned && word.startsWith(text)))
  return text.startsWith(prefix) && !isSaid && !(isAssigned && text === prefix) && text === safeText(text)
}

function line({ text, about }: Candidate, head: string): string {
  const short = cut(safeText(about ?? '').trim(), ABOUT)
  return `${head}${text}${short === '' ? '' : `\t${short}`}\n`
}

// A shell can complete a file behind `--slug=`, but not behind `-f` or a comma.
function leftToShell({ kinds, head }: Wanted): string {
  if (head !== '' && !/^--[^=]+=$/.test(head)) return ''
  const own = (['files', 'folders'] as const).find((kind) => kinds.includes(kind))
  return own === undefined ? '' : `\t${own}\n`
}
