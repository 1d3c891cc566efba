import assert from 'node:assert/strict'
import test from 'node:test'
import type { AppFacts } from '../../../src/core/check/app-facts.ts'
import { checkText } from '../../../src/core/check/check-text.ts'

// Commands that people really have, and what is found in them beside these files.

const TEXTS: Readonly<Record<string, string>> = {
  'package.json': '{"scripts": {"build": "tsc"}}',
  plain: 'echo plain',
}

const app: AppFacts = {
  kindOf: (path) => (path in TEXTS ? 'file' : 'missing'),
  isLeftOut: () => false,
  textOf: (path) => TEXTS[path],
}

function found(command: string): string[] {
  const text = `worker: ${command}\n`
  const findings = checkText({ name: 'Procfile', kind: 'procfile', text }, { app, outer: () => undefined })
  return findings.map(({ severity, rule }) => `${severity} ${rule}`)
}

function assertEach(commands: readonly string[], expected: readonly string[]): void {
  for (const command of commands) assert.deepEqual(found(command), expected, command)
}

test('a script of another package.json, or one that may be missing, is not looked for in this one', () => {
  assertEach(
    [
      'npm start --prefix server',
      'npm --prefix=server start',
      'npm run start --prefix client',
      'npm -C server start',
      'npm run start --workspace api',
      'npm start -w api',
      'npm start --workspaces',
      'yarn --cwd server start',
      'pnpm --dir server start',
      'pnpm run --filter api start',
      'pnpm -F api start',
      'pnpm -r start',
      'npm run serve --if-present',
    ],
    [],
  )
})

test('a word behind a flag that may take it is not the name of a script', () => {
  assertEach(['npm run --loglevel error build', 'npm run --script-shell bash build'], [])
  assertEach(['npm run -s serve', 'npm run --silent serve'], ['error missing-npm-script'])
})

test('yarn runs binaries of dependencies, so only its start is a script for sure', () => {
  assertEach(['yarn run next start', 'yarn run sequelize db:migrate', 'yarn run serve'], [])
  assertEach(['yarn start', 'yarn run start'], ['error missing-npm-script'])
})

test('a script that package.json does not have is an error', () => {
  assertEach(
    ['npm start', 'npm run serve', 'npm run-script serve', 'pnpm run serve', 'npm --silent run serve'],
    ['error missing-npm-script'],
  )
  assertEach(['npm run build', 'pnpm run build', 'npm ci', 'npm test'], [])
})
