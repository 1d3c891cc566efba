import type { Environment } from '../environment.ts'
import type { Settings } from '../release-record.ts'

/**
 * What is said of config vars of the app's files that people have set otherwise, or taken away; undefined where there
 * are none. `files` are their names.
 */
export function overriddenText(
  config: Environment,
  settings: Settings,
  files: readonly string[],
): string | undefined {
  const names = Object.keys(config).filter(
    (name) => Object.hasOwn(settings, name) && settings[name] !== config[name],
  )
  if (names.length === 0) return undefined
  const removed = names.filter((name) => settings[name] === null)
  const who =
    removed.length === 0
      ? 'config:set has set'
      : removed.length === names.length
        ? 'config:unset has removed'
        : 'config:set and config:unset have changed'
  const [are, them] = names.length > 1 ? ['are', 'them'] : ['is', 'it']
  const sentence = `${names.join(', ')} of ${files.join(', ')} ${are} not used: ${who} ${them}`
  return `${sentence}; 'dyno config:unset ${names.join(' ')} --file' undoes that.`
}
