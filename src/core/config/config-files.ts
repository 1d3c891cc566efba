import { describeNote, type Note } from '../note.ts'
import { Problem } from '../problem.ts'
import { type EnvDialect, type Lookup, parseDotenv } from './config.ts'

/** What is read where nobody names files, if it is there. */
export const DEFAULT_CONFIG_FILE = '.env'

/** A file of config vars, under the name that people know it by. */
export type ConfigFile = { readonly name: string; readonly text: string }

/** Config vars of several files together, and warnings with file, line and column. */
export type Config = { readonly vars: ReadonlyMap<string, string>; readonly warnings: readonly string[] }

/** Told of lines that are read here as they are written, and elsewhere not: for `dyno check`, not for whoever starts. */
const OF_OTHERS: readonly Note['rule'][] = ['hash-in-value']

/** The files that `-e a,b` names; throws a Problem when it names none. */
export function configFileNames(flag: string): string[] {
  const names = flag.split(',').filter((name) => name !== '')
  if (names.length > 0) return names
  throw new Problem('usage', 'Name the files of config vars after -e: -e .env,.env.test.')
}

/**
 * Reads files one after the other: a later one wins, and finds what an earlier one set before it asks the shell.
 * What only other readers would read otherwise is not told. Throws a Problem with file, line and column for the first
 * mistake, so nobody can start with half of them.
 */
export function parseConfigFiles(files: readonly ConfigFile[], shell: Lookup, dialect?: EnvDialect): Config {
  const vars = new Map<string, string>()
  const warnings: string[] = []
  for (const { name, text } of files) {
    const dotenv = parseDotenv(text, (wanted) => vars.get(wanted) ?? shell(wanted), dialect)
    const [error] = dotenv.errors
    if (error) throw new Problem('config', describeNote(name, error))
    for (const [key, value] of dotenv.vars) vars.set(key, value)
    const told = dotenv.warnings.filter(({ rule }) => !OF_OTHERS.includes(rule))
    warnings.push(...told.map((note) => describeNote(name, note)))
  }
  return { vars, warnings }
}
