import { type Note, quoteForNote } from '../note.ts'
import type { AppFacts } from './app-facts.ts'
import type { TypedCommand } from './check-command.ts'
import { type Program, programOf, scriptOf } from './program.ts'
import { literalOf, type ShellWord, type SimpleCommand } from './shell-line.ts'

/** Finds programs and scripts of the app that no dyno could run. */
export function programNotes({ commands, noteOn }: TypedCommand, app: AppFacts): Note[] {
  const faults: Fault[] = []
  const tested = new Set<string>()
  for (const command of commands) {
    for (const path of testedPaths(command)) tested.add(path)
    const program = programOf(command)
    if (!program) continue
    // After a `cd` a path is one of another folder.
    if (/^(?:cd|pushd)$/.test(program.word.text)) break
    const fault = faultOf(program, app)
    if (fault && !foldersOf(fault.path ?? '').some((path) => tested.has(path))) faults.push(fault)
  }
  // What a build may make hides nothing that is wrong.
  const first = faults.find(({ rule }) => rule !== 'not-built') ?? faults[0]
  return first ? [noteOn(first.word.at, first.rule, first.message)] : []
}

// `[ -f x ]`, `test -d bin/`: whatever else such a command holds is no path of the app.
function testedPaths({ words }: SimpleCommand): string[] {
  if (!/^(?:\[\[?|test)$/.test(words[0]?.text ?? '')) return []
  return words.slice(1).flatMap((word) => pathInApp(literalOf(word) ?? '')?.replace(/(?<!\/)\/+$/, '') ?? [])
}

// `a/b/c` and the folders that it is in.
function foldersOf(path: string): string[] {
  return path.split('/').map((_, i, names) => names.slice(0, i + 1).join('/'))
}

type Fault = {
  readonly word: ShellWord
  readonly rule:
    | 'missing-file'
    | 'not-built'
    | 'not-executable'
    | 'left-out-file'
    | 'program-without-path'
    | 'missing-npm-script'
  readonly message: string
  /** The file that is run; a command that looks for it first may well do without. */
  readonly path?: string
}

function faultOf(program: Program, app: AppFacts): Fault | undefined {
  const { word, rest } = program
  const name = literalOf(word)!
  const script = scriptOf(program)
  if (script) return scriptFault(script, app)
  if (/^(?:npm|yarn|pnpm)$/.test(name)) return npmFault(name, rest, app)
  const path = pathInApp(name)
  if (path !== undefined && name.includes('/')) return missing(word, path, app) ?? notProgram(word, path, app)
  if (!/\.(?:sh|bash|py|rb|js|pl|php)$/.test(name) || app.kindOf(name) === 'missing') return undefined
  const message = `${quoteForNote(name)} is a file of the app, and no shell looks for it there. Write \`./${name}\`.`
  return { word, rule: 'program-without-path', message }
}

function scriptFault(script: ShellWord, app: AppFacts): Fault | undefined {
  const path = pathInApp(literalOf(script) ?? '')
  return path === undefined ? undefined : missing(script, path, app)
}

// `./bin/web` and `/app/bin/web` are of the app; `/usr/bin/env`, `../x`, `https://x/y.ts` and `npm:x/y.js` are not.
function pathInApp(name: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(name)) return undefined
  const path = name.replace(/^\/app\//, '').replace(/^(?:\.\/+)+/, '')
  return path === '' || path.startsWith('/') || path.split('/').includes('..') ? undefined : path
}

/** Heroku's buildpack puts these beside what the app's own composer put there. */
const HEROKU_PHP = /^vendor\/bin\/heroku-(?:php|hhvm)-(?:apache2|nginx)$/

function missing(word: ShellWord, path: string, app: AppFacts): Fault | undefined {
  if (app.kindOf(path) === 'missing') {
    const folder = /^[^/]+(?=\/)/.exec(path)?.[0]
    if (folder !== undefined && (HEROKU_PHP.test(path) || app.kindOf(folder) === 'missing')) {
      const message = `There is no ${quoteForNote(path)} in the app folder yet. A build may make it, here or on Heroku; if none does, write the path of a file that is there.`
      return { word, rule: 'not-built', message, path }
    }
    const message = `There is no ${quoteForNote(path)} in the app folder. Write the path of a file that is there, or make it with a build.`
    return { word, rule: 'missing-file', message, path }
  }
  if (!app.isLeftOut(path)) return undefined
  const message = `.slugignore leaves ${quoteForNote(path)} out, so no dyno has it. Delete that pattern.`
  return { word, rule: 'left-out-file', message, path }
}

function notProgram(word: ShellWord, path: string, app: AppFacts): Fault | undefined {
  const kind = app.kindOf(path)
  if (kind === 'program') return undefined
  const message =
    kind === 'folder'
      ? `${quoteForNote(path)} is a folder and cannot be run. Name a program in it.`
      : `${quoteForNote(path)} is not executable. Type \`chmod +x ${path}\`.`
  return { word, rule: 'not-executable', message, path }
}

// What makes them look into the package.json of another folder, or take it well that a script is missing.
const OTHER_PACKAGE =
  /^(?:--prefix|-C|--cwd|--dir|-w|--workspaces?|--filter|-F|-r|--recursive|--if-present)(?:=|$)/

function npmFault(tool: string, rest: readonly ShellWord[], app: AppFacts): Fault | undefined {
  if (rest.some(({ text }) => OTHER_PACKAGE.test(text))) return undefined
  const words = rest.filter(({ text }) => !text.startsWith('-'))
  const [verb, second] = words
  const isRun = verb?.text === 'run' || verb?.text === 'run-script'
  const wanted = isRun ? second : verb?.text === 'start' ? verb : undefined
  const name = wanted && literalOf(wanted)
  if (!wanted || name === undefined || mayBeValue(wanted, rest)) return undefined
  if (tool === 'yarn' && name !== 'start') return undefined // it runs binaries of dependencies as well
  const scripts = scriptsOf(app.textOf('package.json'))
  if (!scripts || scripts.includes(name)) return undefined
  if (name === 'start' && app.kindOf('server.js') !== 'missing') return undefined // what npm starts without a script
  const known = scripts.length > 0 ? `It has ${scripts.slice(0, 8).join(', ')}.` : 'It has no scripts.'
  const message = `package.json has no script ${quoteForNote(name)}. ${known}`
  return { word: wanted, rule: 'missing-npm-script', message }
}

// `npm run --loglevel error build`: of few flags we know that they take no value.
function mayBeValue(word: ShellWord, rest: readonly ShellWord[]): boolean {
  const before = rest[rest.indexOf(word) - 1]?.text ?? ''
  return /^-[^=]*$/.test(before) && !/^(?:-s|--silent)$/.test(before)
}

function scriptsOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown }
    return typeof scripts === 'object' && scripts !== null ? Object.keys(scripts) : []
  } catch {
    return undefined // npm itself says what is wrong with it
  }
}
