import { type Note, quoteForNote } from '../note.ts'
import type { AppFacts } from './app-facts.ts'
import type { TypedCommand } from './check-command.ts'
import { programOf, scriptOf } from './program.ts'
import { literalOf, type ShellWord, type SimpleCommand } from './shell-line.ts'

/** Finds ports that are always the same, and a web server that will not listen at the port it is given. */
export function portNotes(command: TypedCommand, app?: AppFacts): Note[] {
  const { type, text, commands, noteOn } = command
  if (type !== 'web') return []
  const assigned = commands
    .flatMap(({ assignments, words }) => [...assignments, ...words.slice(0, 3)])
    .find(({ text }) => /^PORT=["']?\d+["']?$/.test(text))
  if (assigned) {
    const message =
      'Every web dyno is given a port of its own in PORT, and the router looks at no other. Delete this.'
    return [noteOn(assigned.at, 'hard-coded-port', message)]
  }
  const fixed = commands.map(fixedPort).find((word) => word !== undefined)
  if (fixed) {
    const message = `This port is always the same, and the router looks at $PORT only. Write $PORT for ${quoteForNote(fixed.text)}.`
    return [noteOn(fixed.at, 'hard-coded-port', message)]
  }
  if (/PORT/.test(text)) return []
  const deaf = commands.map(deafServer).find((word) => word !== undefined)
  if (deaf) {
    const message = `${quoteForNote(deaf.text)} does not read PORT. Tell it: add ${deaf.flag}.`
    return [noteOn(deaf.at, 'web-without-port', message)]
  }
  return app ? scriptNotes(command, app) : []
}

const PORT_FLAG = /^-{1,2}(?:p|port|http-port|listen-port|server\.port)$/i
const PORT_GIVEN =
  /^(?:-p|-{1,2}(?:port|http-port|listen-port|server\.port)=|-D(?:http|server)\.port=)\d{2,5}$/i
const ADDRESS_FLAG = /^(?:-b|-l|-a|-S|-o|-h|-H|--bind|--listen|--addr|--address|--host|--http)$/
const ADDRESS = /^(?:tcp:\/\/)?(?:\d{1,3}(?:\.\d{1,3}){3}|localhost|\*|\[::\]|):\d{2,5}$/
const ADDRESS_GIVEN = /^--(?:bind|listen|addr|address|host|http)=(?:tcp:\/\/)?[^:=/]{0,99}:\d{2,5}$/

// Ports as servers are told them; an address of another server (`--redis localhost:6379`) is none.
function fixedPort({ words }: SimpleCommand): ShellWord | undefined {
  return words.find((word, i) => {
    if (!/\d$/.test(word.text)) return false // all of them end in the port
    const before = words[i - 1]?.text ?? ''
    if (PORT_GIVEN.test(word.text) || ADDRESS_GIVEN.test(word.text)) return true
    if (/^\d{2,5}$/.test(word.text))
      return PORT_FLAG.test(before) || /^(?:http\.server|SimpleHTTPServer|runserver)$/.test(before)
    return ADDRESS.test(word.text) && (ADDRESS_FLAG.test(before) || before === 'runserver')
  })
}

// Servers that listen at a port of their own choice unless the command line has another, and how they are told.
// Read from their manuals: uvicorn, hypercorn, daphne, waitress, unicorn, thin, rackup, streamlit, vite, hugo.
const DEAF: ReadonlyMap<string, string> = new Map([
  ['uvicorn', '--port $PORT'],
  ['hypercorn', '--bind 0.0.0.0:$PORT'],
  ['daphne', '-p $PORT'],
  ['waitress-serve', '--port=$PORT'],
  ['unicorn', '-p $PORT'],
  ['unicorn_rails', '-p $PORT'],
  ['thin', '-p $PORT'],
  ['rackup', '-p $PORT'],
  ['streamlit', '--server.port $PORT'],
  ['vite', '--port $PORT'],
  ['ng', '--port $PORT'],
  ['hugo', '-p $PORT'],
  ['jekyll', '--port $PORT'],
  ['flask', '--port $PORT'],
  ['http.server', '$PORT'],
  ['SimpleHTTPServer', '$PORT'],
  ['runserver', '0.0.0.0:$PORT'],
])

/** What makes these servers read a file, which may name the port. */
const BY_FILE = /^(?:-c|-C|--config|--config-file|--factory-config)(?:=|$)/

const RUNS_SCRIPTS = /^(?:npm|yarn|pnpm|bun)$/

function deafServer({ words }: SimpleCommand): (ShellWord & { flag: string }) | undefined {
  if (words.some(({ text }) => BY_FILE.test(text))) return undefined
  const tool = words.findIndex(({ text }) => RUNS_SCRIPTS.test(text))
  const word = words.find(({ text }, i) => {
    // `poetry run vite` runs the program, `npm run vite` a script of this name.
    if (words[i - 1]?.text === 'run' && tool >= 0 && tool < i) return false
    const isProgram = i === 0 || /^(?:exec|-m|--|run|npx|[\w./]*manage\.py)$/.test(words[i - 1]!.text)
    return isProgram && DEAF.has(text)
  })
  return word && { ...word, flag: DEAF.get(word.text)! }
}

// One file is looked at, as far as it goes: what it loads may read PORT as well.
function scriptNotes({ commands, noteOn }: TypedCommand, app: AppFacts): Note[] {
  const last = commands.at(-1)
  const program = last && programOf(last)
  const script = program && scriptOf(program)
  const path = script && literalOf(script)
  const text = path === undefined ? undefined : app.textOf(path)
  if (!script || path === undefined || text === undefined || /PORT/i.test(text)) return []
  const message = `Neither the command nor ${quoteForNote(path)} mentions PORT, at which a web dyno must listen. Check with dyno check --boot.`
  return [noteOn(script.at, 'script-without-port', message)]
}
