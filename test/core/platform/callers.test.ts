import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import test from 'node:test'
import fc from 'fast-check'
import { isAcceptable } from '../../../src/core/platform/accept.ts'
import { suspicion } from '../../../src/core/platform/callers.ts'
import { fullAllowance, grown, spend } from '../../../src/core/platform/rate-limit.ts'
import { exportLines, pointerEnvironment } from '../../../src/core/platform/shell-lines.ts'

const caller = { host: 'localhost:5099', origin: undefined, fetchSite: undefined }

test('who calls by a name of this machine and from no web page is heard', () => {
  for (const host of ['localhost:5099', '127.0.0.1:5099', '[::1]:5099', 'LOCALHOST:5099']) {
    assert.equal(suspicion({ ...caller, host }, 5099), undefined)
  }
  assert.equal(suspicion({ ...caller, fetchSite: 'none' }, 5099), undefined)
})

test('at port 80 its number may be left out', () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', 'localhost:80']) {
    assert.equal(suspicion({ ...caller, host }, 80), undefined)
  }
  for (const host of [undefined, '', 'evil.example', 'localhost:5099', 'localhost:']) {
    assert.match(suspicion({ ...caller, host }, 80)!, /^This is localhost:80/)
  }
})

test('any other name, another port, and every web page is turned away', () => {
  const wrong = [
    undefined,
    '',
    'evil.example',
    'localhost',
    'localhost:80',
    'localhost:5099.evil.example',
    'x@localhost:5099',
  ]
  for (const host of wrong) assert.match(suspicion({ ...caller, host }, 5099)!, /^This is localhost:5099/)
  for (const origin of ['http://evil.example', 'null', 'http://localhost:5099']) {
    assert.match(suspicion({ ...caller, origin }, 5099)!, /Web pages/)
  }
  for (const fetchSite of ['cross-site', 'same-site', 'same-origin']) {
    assert.match(suspicion({ ...caller, fetchSite }, 5099)!, /Web pages/)
  }
})

test('version 3 and its variants are spoken, and no other', () => {
  const heroku = 'application/vnd.heroku+json'
  const good = ['', '*/*', 'application/json', heroku, `${heroku}; version=3`, `${heroku}; version=3.sdk`]
  const better = [`${heroku};version=3.run-inside`, 'text/html, application/json', 'text/event-stream']
  for (const accept of [...good, ...better]) assert.ok(isAcceptable(accept), accept)
  const bad = [
    `${heroku}; version=2`,
    `${heroku}; version=30`,
    `${heroku}; version=edge`,
    'text/html',
    'image/*',
  ]
  for (const accept of bad) assert.ok(!isAcceptable(accept), accept)
})

test('4500 requests may be made at once, and 75 more every minute', () => {
  let allowance = fullAllowance(0)
  for (let i = 0; i < 4500; i++) allowance = spend(allowance, 0)!
  assert.equal(allowance.left, 0)
  assert.equal(spend(allowance, 500), undefined)
  assert.equal(spend(allowance, 800)!.left, 0)
  assert.equal(grown(allowance, 800).left, 1)
  assert.equal(Math.floor(spend(allowance, 60_000)!.left), 74)
  assert.equal(spend(allowance, 10 * 60 * 60_000)!.left, 4499)
})

test('a shell that reads the lines has the values, whatever is in them', () => {
  const named = pointerEnvironment({
    url: 'http://localhost:1',
    key: 'k',
    app: 'demo',
    authorities: "/a b/it's $HOME.pem",
  })
  const names = Object.keys(named)
  assert.deepEqual(names, [
    'HEROKU_HOST',
    'HEROKU_API_KEY',
    'HEROKU_APP',
    'HEROKU_PARTICLEBOARD_URL',
    'NODE_EXTRA_CA_CERTS',
    'DISABLE_TELEMETRY',
    'HEROKU_DISABLE_AUTOUPDATE',
    'HEROKU_SKIP_NEW_VERSION_CHECK',
    'HEROKU_GIT_HOST',
  ])
  const print = names.map((name) => `printf '%s\\n' "$${name}"`).join('\n')
  const said = execFileSync('sh', ['-c', `${exportLines(named)}${print}`]).toString()
  assert.equal(
    said,
    Object.values(named)
      .map((value) => `${value}\n`)
      .join(''),
  )
  const texts = fc.array(fc.string({ unit: fc.constantFrom(...`a'"$\`\\ ;&|\n*é`) }), {
    minLength: 1,
    maxLength: 30,
  })
  fc.assert(
    fc.property(texts, (values) => {
      const script = values.map((value) => `${exportLines({ A: value })}printf '%s\\0' "$A"\n`).join('')
      assert.deepEqual(execFileSync('sh', ['-c', script]).toString().split('\0').slice(0, -1), values)
    }),
    { seed: 20261127, numRuns: 20 },
  )
})
