import assert from 'node:assert/strict'
import test from 'node:test'
import { findSecrets, namesSecret } from '../../../src/core/check/secret.ts'
import { assertFound, type ExpectedFinding } from './finding-rows.ts'

// Traits of .env files that people really have, each in a small file of our own, and all that is found in it.

type Row = readonly [says: string, text: string, found: readonly ExpectedFinding[]]

const $ = (inside: string) => `\u0024{${inside}}`

const ENV_FILES: readonly Row[] = [
  [
    'plain values, empty ones, a port and comments',
    '# c\nPORT=3000\nAB=\nB=""\nA__B__1=x\nurl=http://h:1/p?q=1\n',
    [],
  ],
  ['brackets and blanks in quotes', 'NAME="Acme Store [dev]"\nJSON=\'{"a": "b"}\'\n', []],
  ['comments between values, with quotes and colons', '# it\'s: "one"\nA=1\n  # B=2\n', []],
  [
    'a comment with back-quotes behind a value',
    'DB_HOST=localhost # may be `db`\n',
    [[1, 'note comment-after-value']],
  ],
  ['a comment behind a quoted value', 'A="x" # y\n', [[1, 'note comment-after-value']]],
  ['a # in an address', 'URL=redis://db:6379/#one\n', [[1, 'warning hash-in-value']]],
  ['a # right behind a quote', 'A="x"#y\n', [[1, 'warning hash-after-quote']]],
  [
    'a # within and a comment behind',
    'A=x#y # z\n',
    [
      [1, 'warning hash-in-value'],
      [1, 'note comment-after-value'],
    ],
  ],
  ['blanks behind a value', 'COOKIE=c \n', [[1, 'note blank-around-value']]],
  [
    'blanks around =',
    'A = "x"\nB= 3\n',
    [
      [1, 'note blank-around-value'],
      [2, 'note blank-around-value'],
    ],
  ],
  ['a unit behind a number', 'ENERGY=20 GeV\n', [[1, 'note shell-splits-value']]],
  [
    'angle brackets to be filled in',
    'ID=<ID>\nHOST=<db host>\n',
    [
      [1, 'note shell-splits-value'],
      [2, 'note shell-splits-value'],
    ],
  ],
  [
    'a value built of another',
    `APP=x\nMAIL="${$('APP')}"\nB=${$('APP')}y\n`,
    [
      [2, 'note reference-in-value'],
      [3, 'note reference-in-value'],
    ],
  ],
  [
    'a $NAME, and a reference to nothing',
    `A=1\nB=$A\nC=${$('NOPE')}\n`,
    [
      [2, 'note dollar-in-value'],
      [3, 'warning unset-variable'],
      [3, 'note reference-in-value'],
    ],
  ],
  [
    'export before each name',
    "export a=1\nexport B='x'\n",
    [
      [1, 'note export-prefix'],
      [2, 'note export-prefix'],
    ],
  ],
  [
    'export among YAML',
    'export A=1\nexport B: x\n',
    [
      [1, 'note export-prefix'],
      [2, 'warning yaml-line'],
    ],
  ],
  [
    'YAML',
    "A: 1\nB: '2'\n",
    [
      [1, 'warning yaml-line'],
      [2, 'warning yaml-line'],
    ],
  ],
  ['a dash in a name', 'A=1\nA-B=2\n', [[2, 'warning bad-variable-name']]],
  ['JSON', '{\n  "port": 1,\n  "mysql": {"host": "x"}\n}\n', [[1, 'error json-file']]],
  ['a line that is none', 'INVALID LINE\nA=b\n', [[1, 'error no-equals']]],
  ['a byte-order mark', '\uFEFFA=1\n', [[1, 'warning byte-order-mark']]],
  ['escapes in quotes', 'A="\\n"\n', [[1, 'note escape-in-value']]],
  [
    'values in back-quotes',
    'A=``\nB=`x y`\n',
    [
      [1, 'warning back-quotes'],
      [2, 'warning back-quotes'],
      [2, 'note shell-splits-value'],
    ],
  ],
  ['JSON without quotes', 'A={"a":"b"}\n', [[1, 'note quote-in-value']]],
  [
    'a value of several lines, and an escaped single quote',
    "A='x\ny'\nB='x\nz \\'y\\''\n",
    [
      [1, 'warning multi-line-value'],
      [3, 'warning multi-line-value'],
      [4, 'error text-after-quote'],
    ],
  ],
  [
    'a value of several lines in back-quotes',
    'A=`x\ny`\n',
    [
      [1, 'warning back-quotes'],
      [2, 'error no-equals'],
    ],
  ],
]

for (const [says, text, found] of ENV_FILES) {
  test(`the findings in a .env with ${says} are these and no others`, () =>
    assertFound('dotenv', text, found))
}

test('names of databases and their passwords in real files are secret, and those of what is public are not', () => {
  for (const name of ['PG_PASS', 'SMTP_PWD', 'DATABASE_URL', 'jwt_key', 'SESSION_SECRET', 'db_password'])
    assert.ok(namesSecret(name), name)
  for (const name of ['PORT', 'PG_USER', 'HOST', 'KEYBOARD', 'COMPASS_SIZE', 'APP_NAME'])
    assert.ok(!namesSecret(name), name)
})

test('the name of a cluster is no secret, though its flag ends in token', () => {
  assert.deepEqual(findSecrets('etcd --initial-cluster-token my-cluster-1'), [])
})
