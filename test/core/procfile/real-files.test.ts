import assert from 'node:assert/strict'
import test from 'node:test'
import { parseDotenv } from '../../../src/core/config/config.ts'
import { parseProcfile } from '../../../src/core/procfile/procfile.ts'
import { assertNotes, type ExpectedNote } from '../expected-notes.ts'

// Traits of files that people really have, each in a small file of our own.

type Named = Readonly<Record<string, string>>
type Row = readonly [says: string, text: string, read: Named, warnings?: readonly ExpectedNote[]]

// `$` and a brace, apart, so that no linter takes them for a template.
const $ = (inside: string) => `\u0024{${inside}}`
const LONG = `srv ${'--peer a=http://10.0.0.1:2380,b=http://10.0.0.2:2380 '.repeat(40)}`

const procfiles: readonly Row[] = [
  [
    'banner comments with apostrophes, colons and commented-out types',
    "############\n## it's: a banner\n#web: old\n  # worker: old\nweb: x\n",
    { web: 'x' },
  ],
  [
    'tabs and blanks that line commands up',
    'web:\t\tunicorn -p $PORT\nworker: \trake jobs:work\nclock:\t rake clock\n',
    { web: 'unicorn -p $PORT', worker: 'rake jobs:work', clock: 'rake clock' },
  ],
  [
    'variables set before a command, with a star and with quotes',
    'a: QUEUE=* rake work\nb: env RAILS_ENV="x y" PORT=4000 node a.js\nc: unset PORT && node b.js\n',
    { a: 'QUEUE=* rake work', b: 'env RAILS_ENV="x y" PORT=4000 node a.js', c: 'unset PORT && node b.js' },
  ],
  [
    'colons, commas, percent signs and lone dashes at the end of a command',
    'web: gunicorn -b :$PORT a.b:app --log %h -\nw: celery -c 5:5 -',
    { web: 'gunicorn -b :$PORT a.b:app --log %h -', w: 'celery -c 5:5 -' },
  ],
  ['a command of thousands of characters', `srv1: ${LONG}\n`, { srv1: LONG }],
  [
    'names one of which begins with another, and numbered ones',
    'web: a\nweb-2: b\nweb2: c\nanother-web: d\n2web: e\n',
    { web: 'a', 'web-2': 'b', web2: 'c', 'another-web': 'd', '2web': 'e' },
  ],
  [
    'types that are only run when they are called',
    'release: ./migrate\nconsole: irb\nrake: bundle exec rake\n',
    { release: './migrate', console: 'irb', rake: 'bundle exec rake' },
  ],
  [
    'defaults, sub-shells and lists',
    `web: (cd x; exec y -p "${$('PORT:-3000')}") || { sleep 5; false; }\r\n`,
    { web: `(cd x; exec y -p "${$('PORT:-3000')}") || { sleep 5; false; }` },
  ],
]

for (const [says, text, types, warnings = []] of procfiles) {
  test(`a Procfile may have ${says}`, () => {
    const procfile = parseProcfile(text)
    assertNotes(procfile.errors, [])
    assert.deepEqual(Object.fromEntries(procfile.types), types)
    assertNotes(procfile.warnings, warnings)
  })
}

const envFiles: readonly Row[] = [
  ['names with double underscores and digits', 'A__B__1=x\n_C=y\n', { A__B__1: 'x', _C: 'y' }],
  [
    'comments with quotes and back-quotes beside values',
    'A=1 # it\'s `x`\nB= # fill "in"\n# \'open\nC=2\n',
    { A: '1', B: '', C: '2' },
  ],
  ['a blank after the =, and quotes within quotes', `A= "x 'y' z" # c\n`, { A: "x 'y' z" }],
  [
    'a value built of another in double quotes, as frameworks write it',
    `APP_NAME=Demo\nMAIL_FROM="${$('APP_NAME')}"\nVITE_NAME="${$('APP_NAME')} app"\n`,
    { APP_NAME: 'Demo', MAIL_FROM: 'Demo', VITE_NAME: 'Demo app' },
  ],
  [
    'brackets, braces, stars and $ of cron lines and patterns',
    'CRON=*/5 * * * *\nRE=^[a-z]{2,}$\nLIST=[1, 2]\nMAP={a: 1}\n',
    { CRON: '*/5 * * * *', RE: '^[a-z]{2,}$', LIST: '[1, 2]', MAP: '{a: 1}' },
  ],
  [
    'addresses with ports, passwords and fragments',
    'A=amqp://u:p%40@h:5672/\nB=redis://h/#one\n',
    { A: 'amqp://u:p%40@h:5672/', B: 'redis://h/#one' },
    [[2, 13, /`heroku local` cuts/]],
  ],
  [
    'export on each line, and YAML among them',
    'export a_b=1\nexport C: 2\nexport D="3"\n',
    { a_b: '1', D: '3' },
    [[2, 9, /looks like YAML/]],
  ],
  ['two equals signs, and blanks around the first', 'A = =x=\n', { A: '=x=' }],
  ['Windows line ends and no last one', 'A=1\r\n\r\nB="2"', { A: '1', B: '2' }],
]

for (const [says, text, vars, warnings = []] of envFiles) {
  test(`a .env may have ${says}`, () => {
    const dotenv = parseDotenv(text, () => undefined)
    assertNotes(dotenv.errors, [])
    assert.deepEqual(Object.fromEntries(dotenv.vars), vars)
    assertNotes(dotenv.warnings, warnings)
  })
}
