import { countFindings, type Finding } from './finding.ts'
import { rules } from './rules.ts'

/** Findings as JSON: what was read, how many of each severity there are, and each with all that is known. */
export function findingsJson(files: readonly string[], findings: readonly Finding[]): string {
  const { error, warning, note } = countFindings(findings)
  return `${JSON.stringify({ files, errors: error, warnings: warning, notes: note, findings }, null, 2)}\n`
}

/** Findings as SARIF 2.1.0, which code hosts and editors read. https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function findingsSarif(version: string, findings: readonly Finding[]): string {
  const told = [...new Set(findings.map(({ rule }) => rule))]
  const results = findings.map(({ rule, severity, message, file, line, column }) => ({
    ruleId: rule,
    ruleIndex: told.indexOf(rule),
    level: severity,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  }))
  const driver = { name: 'dyno check', version, rules: told.map(sarifRule) }
  const run = { tool: { driver }, columnKind: 'unicodeCodePoints', results }
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json'
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, null, 2)}\n`
}

function sarifRule(id: Finding['rule']) {
  const { title, why, severity } = rules.get(id)!
  return {
    id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: `dyno check --explain ${id}` },
    defaultConfiguration: { level: severity },
  }
}

/** Findings as annotations of GitHub Actions: workflow commands, a line each. */
export function findingsGithub(findings: readonly Finding[]): string {
  const commands = { error: 'error', warning: 'warning', note: 'notice' } as const
  return findings
    .map(({ severity, file, line, column, rule, message }) => {
      const properties = `file=${property(file)},line=${line},col=${column},title=${property(rule)}`
      return `::${commands[severity]} ${properties}::${escaped(message)}\n`
    })
    .join('')
}

// https://github.com/actions/toolkit/blob/main/docs/commands.md: what would end a property or the command.
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
