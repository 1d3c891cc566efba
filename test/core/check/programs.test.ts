import assert from 'node:assert/strict'
import test from 'node:test'
import type { AppFacts } from '../../../src/core/check/app-facts.ts'
import { checkText } from '../../../src/core/check/check-text.ts'

// Commands that people really have, and what is found in them beside these files.

const TEXTS: Readonly<Record<string, string>> = {
  'package.json': '{"scripts": {"build": "tsc", "vite": "x", "hugo": "x", "ng": "x"}}',
  plain: 'echo plain',
}
const FOLDERS = ['bin', 'vendor']

const app: AppFacts = {
  kindOf: (path) => (FOLDERS.includes(path) ? 'folder' : path in TEXTS ? 'file' : 'missing'),
  isLeftOut: () => false,
  textOf: (path) => TEXTS[path],
}

function found(command: string, type = 'worker'): string[] {
  const text = `${type}: ${command}\n`
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

test('an address is no file of the app', () => {
  assertEach(
    [
      'deno run -A https://deno.land/std/http/file_server.ts',
      'deno run -A npm:foo/x.js',
      'deno run -A jsr:@std/http@1/file-server.ts',
      'node file:///srv/x.js',
    ],
    [],
  )
})

test('a file that is not there is an error where its folder is, and a note where a build may make both', () => {
  assertEach(
    ['node gone.js', 'java -jar gone.jar', './gone', 'bin/gone', '/app/bin/gone', 'vendor/bin/rails s'],
    ['error missing-file'],
  )
  assertEach(
    ['java -jar target/app.jar', 'node dist/main.js', './build/install/shop', 'node_modules/.bin/next start'],
    ['note not-built'],
  )
})

test("Heroku's own programs for PHP are put into vendor/bin by its build, whatever is there before", () => {
  assertEach(
    ['vendor/bin/heroku-php-apache2 public/', 'vendor/bin/heroku-php-nginx -C nginx.conf public/'],
    ['note not-built'],
  )
})

test('what a build may make does not hide an error behind it', () => {
  assertEach(['dist/migrate && node gone.js', 'node gone.js && dist/seed'], ['error missing-file'])
})

test('a file that the same line looks for first may be missing', () => {
  assertEach(
    [
      '[ -f x ] && ./x || true',
      '[ -x ./x ] && exec ./x',
      'test -f x.js && node x.js',
      'if [ -e "bin/x" ]; then /app/bin/x; else sleep 1; fi',
      '[ ! -f x.sh ] || bash x.sh',
      '[ -d ./bin/tools/ ] && bin/tools/x',
      '[ -x plain ] && ./plain',
    ],
    [],
  )
  assertEach(
    ['[ -f y ] && ./x', '[ -n "$X" ] && ./x', './x && [ -f x ]', 'test -f y.js && node x.js'],
    ['error missing-file'],
  )
  assertEach(['./plain'], ['error not-executable'])
  assertEach(['[[ -f bin/x ]] && bin/x'], ['note needs-bash'])
})

test('a script that is called like a server is not that server, and servers that read PORT need no flag', () => {
  const commands = [
    'npm run vite',
    'npm --silent run hugo',
    'yarn run vite',
    'pnpm run ng',
    'bun run vite',
    'fastapi run app.py',
  ]
  for (const command of commands) assert.deepEqual(found(command, 'web'), [], command)
  for (const command of ['poetry run uvicorn a:b', 'uv run flask run', 'npx vite', 'pnpm exec vite'])
    assert.deepEqual(found(command, 'web'), ['warning web-without-port'], command)
})

test('a server that is told to stay in the foreground does not go into the background', () => {
  assertEach(
    ['httpd -k start -DFOREGROUND', 'httpd -D FOREGROUND -k start', 'apachectl start -DFOREGROUND'],
    [],
  )
  assertEach(
    ['httpd -k start', 'httpd -k start -D SSL', 'apachectl start', 'gunicorn -D a:b'],
    ['warning daemonizes'],
  )
})
