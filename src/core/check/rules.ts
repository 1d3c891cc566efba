import { Problem } from '../problem.ts'
import { cut } from '../safe-text.ts'
import { APP_RULES } from './app-rules.ts'
import { COMMAND_RULES } from './command-rules.ts'
import { DOTENV_RULES } from './dotenv-rules.ts'
import { PROCFILE_RULES } from './procfile-rules.ts'
import type { Rule } from './rule.ts'

const RULES = { ...PROCFILE_RULES, ...COMMAND_RULES, ...DOTENV_RULES, ...APP_RULES } as const

/** The name of a rule, which never changes: `no-blank-after-colon`. */
export type RuleId = keyof typeof RULES

/** Every rule by its name. */
export const rules: ReadonlyMap<RuleId, Rule> = new Map(Object.entries(RULES) as [RuleId, Rule][])

/** What is said about a rule; throws a Problem that lists them when there is none of this name. */
export function explainRule(name: string): string {
  const rule = rules.get(name as RuleId)
  if (!rule) {
    throw new Problem('usage', `There is no rule '${name}'; dyno check --rules lists them.`)
  }
  const { severity, title, why, wrong, right } = rule
  return `${name} (${severity})\n\n${title}.\n\n${wrapped(why)}\n\nWrong:\n${shown(wrong)}\n\nRight:\n${shown(right)}\n`
}

/** All rules in a line each: name, severity, title. */
export function ruleRows(): string[][] {
  return [...rules].map(([name, { severity, title }]) => [name, severity, title])
}

const WIDTH = 80

function wrapped(text: string): string {
  return text.replace(new RegExp(`(.{1,${WIDTH}})(?: |$)`, 'g'), '$1\n').trimEnd()
}

// Characters that a terminal would act on, or not show, by their names.
function shown(example: string): string {
  const named = example.replaceAll('\r', '␍').replaceAll('\0', '␀').replaceAll('\uFEFF', '<BOM>')
  return named
    .trimEnd()
    .split('\n')
    .map((line) => `  ${cut(line, WIDTH)}`)
    .join('\n')
}
