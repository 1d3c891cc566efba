import { checkText as checkFile } from '../../core/check/check-text.ts'
import { fileKind } from '../../core/check/file-kind.ts'
import { parseDotenv as readDotenv } from '../../core/config/config.ts'
import { parseProcfile as readProcfile } from '../../core/procfile/procfile.ts'
import { complainTo } from '../print.ts'
import type { Dotenv, Finding, Procfile } from './library-types.ts'

// `import { … } from 'dyno'`: dist/index.mjs. What it promises stands in library-types.ts.

export { Problem } from '../../core/problem.ts'
export { openManifold } from './manifold-client.ts'

// The terminal is not ours here: what a person would be told, a program hears as Node's own warning.
complainTo((sentence) => process.emitWarning(sentence, { type: 'DynoWarning' }))

/** Reads the text of a Procfile; its types are a list, as an object would not keep their order. */
export function parseProcfile(text: string): Procfile {
  const { types, warnings, errors } = readProcfile(text)
  return { types: [...types].map(([name, command]) => ({ name, command })), warnings, errors }
}

/** Reads the text of a .env file. */
export function parseDotenv(text: string, outer: Readonly<Record<string, string | undefined>> = {}): Dotenv {
  const look = (name: string) => (Object.hasOwn(outer, name) ? outer[name] : undefined)
  const { vars, warnings, errors } = readDotenv(text, look)
  return { vars: Object.fromEntries(vars), warnings, errors }
}

/** Finds what is wrong in a file of this name. */
export function checkText(text: string, name = 'Procfile'): Finding[] {
  return checkFile({ name, kind: fileKind(name), text }, { outer: () => undefined })
}
