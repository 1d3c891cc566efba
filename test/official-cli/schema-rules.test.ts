import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conforms, listOf, RULES, type Rule } from './schema-rules.ts'

const id = '01234567-89ab-cdef-0123-456789abcdef'
const at = '2026-11-27T00:00:00Z'
const release = {
  ...{
    id,
    addon_plan_names: [],
    app: { id, name: 'demo' },
    created_at: at,
    current: true,
    description: 'Deploy',
  },
  ...{
    eligible_for_rollback: true,
    output_stream_url: null,
    slug: { id },
    status: 'succeeded',
    updated_at: at,
  },
  ...{ user: { id, email: 'me@localhost' }, version: 7 },
}
const without = (key: string) => Object.fromEntries(Object.entries(release).filter(([each]) => each !== key))

const right: [what: string, rule: Rule, value: unknown][] = [
  ['a release', RULES.release, release],
  ['a release with more keys than the schema has', RULES.release, { ...release, artifacts: [] }],
  ['a release without a slug', RULES.release, { ...release, slug: null }],
  [
    'a time of another zone with a fraction',
    RULES.release,
    { ...release, created_at: '2026-11-27T00:00:00.123+01:00' },
  ],
  ['no release at all', listOf(RULES.release), []],
  ['config vars', RULES.configVars, { A: '1', B_2: '' }],
  ['an error', RULES.error, { id: 'not_found', message: "Couldn't find that app." }],
  ['nothing', RULES.nothing, {}],
]
for (const [what, rule, value] of right) {
  test(`${what} conforms`, () => assert.deepEqual(conforms(value, rule), []))
}

const wrong: [what: string, rule: Rule, value: unknown, found: string[]][] = [
  ['a missing key', RULES.release, without('version'), ['.version is missing']],
  ['a number in quotes', RULES.release, { ...release, version: '7' }, ['.version is not an integer: "7"']],
  ['half a release', RULES.release, { ...release, version: 7.5 }, ['.version is not an integer: 7.5']],
  [
    'a word that is none of the words',
    RULES.release,
    { ...release, status: 'done' },
    ['.status is not one of expired, failed, pending, succeeded: "done"'],
  ],
  ['null where it may not be', RULES.release, { ...release, app: null }, ['.app is not an object: null']],
  [
    'a key too many in a closed object',
    RULES.release,
    { ...release, app: { id, name: 'demo', folder: '/' } },
    ['.app.folder is not in the schema'],
  ],
  [
    'an id that is no UUID',
    RULES.release,
    { ...release, slug: { id: 'abc' } },
    ['.slug.id is not like /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/: "abc"'],
  ],
  [
    'a day without a time',
    RULES.release,
    { ...release, created_at: '2026-11-27' },
    [
      '.created_at is not like /^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)$/: "2026-11-27"',
    ],
  ],
  ['the second of a list', listOf(RULES.rateLimit), [{ remaining: 1 }, {}], ['[1].remaining is missing']],
  ['an object for a list', listOf(RULES.rateLimit), {}, ['it is not a list: {}']],
  ['a config var that is a number', RULES.configVars, { A: 1 }, ['.A is not a string: 1']],
  ['a name that no shell takes', RULES.configVars, { 'a-b': '1' }, ['it has a key not like /^\\w+$/: a-b']],
  ['an answer that should be empty', RULES.nothing, { ok: true }, ['.ok is not in the schema']],
  [
    'a flag that is a word',
    RULES.release,
    { ...release, current: 'yes' },
    ['.current is not a boolean: "yes"'],
  ],
]
for (const [what, rule, value, found] of wrong) {
  test(`${what} is found`, () => assert.deepEqual(conforms(value, rule), found))
}
