import type { EnvDialect } from '../../core/config/config.ts'
import {
  type ConfigFile,
  configFileNames,
  DEFAULT_CONFIG_FILE,
  parseConfigFiles,
} from '../../core/config/config-files.ts'
import { Problem } from '../../core/problem.ts'
import { readText } from '../../edge/read-text.ts'
import { complain } from '../print.ts'

/**
 * The app's config vars: of its `.env`, which need not be there, or of the files that `-e` names (`a,b`, from the
 * current folder), which must be. Warnings are printed; a mistake is a Problem with file, line and column.
 */
export function readConfig(
  root: string,
  files: string | undefined,
  { dialect, isQuiet }: { readonly dialect?: EnvDialect | undefined; readonly isQuiet?: boolean } = {},
): ReadonlyMap<string, string> {
  const texts = files === undefined ? defaultFile(root) : configFileNames(files).map(namedFile)
  const { vars, warnings } = parseConfigFiles(texts, (name) => process.env[name], dialect)
  if (!isQuiet) for (const warning of warnings) complain(warning)
  return vars
}

function defaultFile(root: string): ConfigFile[] {
  const text = readText(`${root}/${DEFAULT_CONFIG_FILE}`)
  return text === undefined ? [] : [{ name: DEFAULT_CONFIG_FILE, text }]
}

function namedFile(name: string): ConfigFile {
  const text = readText(name)
  if (text !== undefined) return { name, text }
  throw new Problem('config', `There is no file ${name}; name files of config vars from the current folder.`)
}
