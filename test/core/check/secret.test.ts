import assert from 'node:assert/strict'
import test from 'node:test'
import { findSecrets, maskShape, maskSpans, namesSecret } from '../../../src/core/check/secret.ts'

// Made up, and cut in two, so that no scanner takes this file for a leak.
const AWS = `AKIA${'ABCDEFGH12345678'}`
const GITHUB = `ghp_${'a1B2'.repeat(9)}`
const STRIPE = `sk_live_${'4eC39HqLyjWDarjt'}`
const HEX = '4f9d2c7be01a58d3'
const PRIVATE_KEY = `-----BEGIN ${'RSA PRIVATE KEY-----'}`

// Two expressions may find the same.
const secretsIn = (text: string) => [
  ...new Set(findSecrets(text).map(({ from, to }) => text.slice(from, to))),
]

test('a secret is found by what it looks like, by its name, by its flag and in an address', () => {
  const rows: readonly (readonly [text: string, ...secrets: string[]])[] = [
    [`node a.js ${AWS}`, AWS],
    [`A=${GITHUB} node a.js`, GITHUB],
    [`a '${STRIPE}' b`, STRIPE],
    [PRIVATE_KEY, PRIVATE_KEY],
    [`API_TOKEN=${HEX} node a.js`, HEX],
    [`export DB_PASSWORD='hunter2x'`, 'hunter2x'],
    [`MY_SECRET_1="hunter2x" b`, 'hunter2x'],
    ['node a.js --api-key abc123def', 'abc123def'],
    ['node a.js --password=hunter2x', 'hunter2x'],
    ['psql postgres://user:hunter2@db:5432/x', 'hunter2'],
    ['A=redis://:p4ssw0rd@h B=amqp://u:w0rdp4ss@h', 'p4ssw0rd', 'w0rdp4ss'],
  ]
  for (const [text, ...secrets] of rows) assert.deepEqual(secretsIn(text), secrets, text)
})

test('references, placeholders, names of files and plain words are no secrets', () => {
  const texts = [
    'API_TOKEN=$TOKEN node a.js',
    'node a.js --password $DB_PASSWORD',
    `psql postgres://user:\u0024{PASSWORD}@db/x`,
    'psql postgres://user:$PASSWORD@db/x',
    'A_SECRET=changeme b',
    'A_SECRET=your-secret-here b',
    'A_PASSWORD=<password> b',
    'SECRET_KEY=./keys/one.pem b',
    'PASSWORD_FILE=/run/secrets/password b',
    'TOKEN=',
    'API_KEY=short b',
    'a --cluster-token my-cluster-1',
    'gunicorn a:app -b 0.0.0.0:$PORT',
    'curl http://localhost:5000/a@b',
    'node token.js --secrets-dir x',
    'AKIA is short',
  ]
  for (const text of texts) assert.deepEqual(secretsIn(text), [], text)
})

test('variables are secret by their names, in large letters and small', () => {
  for (const name of [
    'API_KEY',
    'api_key',
    'KEY',
    'SECRET_KEY_BASE',
    'GH_TOKEN',
    'PGPASSWORD',
    'DATABASE_URL',
    'SENTRY_DSN',
    'MONGO_URI',
    'GOOGLE_CREDENTIALS',
    'SMTP_PASS',
    'DB_PWD',
  ])
    assert.ok(namesSecret(name), name)
  for (const name of ['PORT', 'NODE_ENV', 'KEYBOARD', 'MONKEY', 'URLS', 'COMPASS_X', 'HOST', ''])
    assert.ok(!namesSecret(name), name)
})

test('of a masked text length and signs stay, and no letter and no digit', () => {
  assert.equal(maskShape('sk_live-4é9 ü/ß=Ж'), '••_••••-••• •/•=•')
  assert.equal(maskShape(''), '')
})

test('of a very long text nothing but its length is shown', () => {
  assert.equal(maskShape('a-🍵'.repeat(5000)), '•'.repeat(15_000))
})

test('only the spans of a text are masked, in each of them once', () => {
  assert.equal(maskSpans('ab cd ef', [{ from: 3, to: 5 }]), 'ab •• ef')
  assert.equal(
    maskSpans('abcdef', [
      { from: 0, to: 3 },
      { from: 1, to: 2 },
      { from: 2, to: 5 },
    ]),
    '•••••f',
  )
  assert.equal(maskSpans('abc', []), 'abc')
  assert.equal(
    maskSpans(`TOKEN=${GITHUB} x`, findSecrets(`TOKEN=${GITHUB} x`)),
    `TOKEN=${maskShape(GITHUB)} x`,
  )
})

test('a secret that stands twice in a line is masked twice', () => {
  const text = `A_SECRET=hunter2x node a.js --secret hunter2x`
  assert.doesNotMatch(maskSpans(text, findSecrets(text)), /hunter2x/)
})

test('a password that is also the name of its user or the variable is masked where it is the password', () => {
  const text = 'psql postgres://hunter2:hunter2@db/hunter2'
  const [span] = findSecrets(text)
  assert.deepEqual(span, { from: 24, to: 31 })
})
