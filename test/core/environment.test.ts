import assert from 'node:assert/strict'
import test from 'node:test'
import { callerEnvironment, dynoEnvironment, type EnvironmentSource } from '../../src/core/environment.ts'

const source = (parts: Partial<EnvironmentSource> = {}): EnvironmentSource => {
  return {
    caller: {},
    config: {},
    extra: {},
    dyno: 'run.7',
    port: 20_007,
    home: '/app',
    tty: false,
    ...parts,
  }
}

test('a dyno knows its name, its home and its port, and has a PATH', () => {
  const { PATH, ...rest } = dynoEnvironment(source())
  assert.deepEqual(rest, { DYNO: 'run.7', PS: 'run.7', HOME: '/app', PORT: '20007' })
  assert.match(PATH!, /^\/.*:\/bin$/)
})

test('config vars win over the shell, --env over config vars, and the dyno’s own facts over all', () => {
  const [caller, config, extra] = ['caller', 'config', 'extra'].map((from, i) => {
    return Object.fromEntries(['A', 'B', 'C'].slice(i).map((name) => [name, from]))
  })
  const forged = { DYNO: 'web.1', PS: 'web.1', HOME: '/root', PORT: '80' }
  const made = dynoEnvironment(
    source({
      caller: { ...caller, ...forged },
      config: { ...config, ...forged },
      extra: { ...extra, ...forged },
    }),
  )
  assert.deepEqual([made['A'], made['B'], made['C']], ['caller', 'config', 'extra'])
  assert.deepEqual(
    [made['DYNO'], made['PS'], made['HOME'], made['PORT']],
    ['run.7', 'run.7', '/app', '20007'],
  )
})

test('only a dyno on a terminal is given its prompt, and an app’s own PROMPT_COMMAND stays', () => {
  assert.equal(dynoEnvironment(source())['PROMPT_COMMAND'], undefined)
  assert.match(dynoEnvironment(source({ tty: true }))['PROMPT_COMMAND']!, /PS1='\\w \$ '/)
  const own = { PROMPT_COMMAND: 'date' }
  assert.equal(dynoEnvironment(source({ tty: true, config: own }))['PROMPT_COMMAND'], 'date')
})

const SHELL = {
  PATH: '/usr/bin',
  LANG: 'de_DE.UTF-8',
  LC_ALL: 'C',
  TZ: 'UTC',
  TERM: 'xterm',
  COLORTERM: 'truecolor',
  NO_COLOR: '1',
  SECRET: 'x',
  HOME: '/home/ada',
  PWD: '/tmp',
  SHLVL: '3',
  npm_config_cache: '/x',
  DYNO_CALLER_NODE_OPTIONS: '--inspect',
  'BASH_FUNC_x%%': '() { :; }',
  GONE: undefined,
}
const OWN = '/opt/dyno'
const names = (options: { inherit: boolean; tty: boolean }) =>
  Object.keys(callerEnvironment(SHELL, { ...options, own: OWN })).sort()

test('of the caller’s shell a dyno gets PATH, language and time zone', () => {
  assert.deepEqual(names({ inherit: false, tty: false }), ['LANG', 'LC_ALL', 'PATH', 'TZ'])
})

test('a dyno on a terminal also gets what describes the terminal', () => {
  const expected = ['COLORTERM', 'LANG', 'LC_ALL', 'NO_COLOR', 'PATH', 'TERM', 'TZ']
  assert.deepEqual(names({ inherit: false, tty: true }), expected)
})

test('--inherit-env passes the whole shell on, but not what is ours, npm’s or the dyno’s own', () => {
  const passed = callerEnvironment(SHELL, { inherit: true, tty: false, own: OWN })
  const expected = ['COLORTERM', 'LANG', 'LC_ALL', 'NODE_OPTIONS', 'NO_COLOR', 'PATH', 'SECRET', 'TERM', 'TZ']
  assert.deepEqual(Object.keys(passed).sort(), expected)
  assert.equal(passed['NODE_OPTIONS'], '--inspect')
})

const PATHS: readonly (readonly [path: string, becomes: string])[] = [
  ['/usr/bin:/bin', '/usr/bin:/bin'],
  ['/opt/dyno/node_modules/.bin:/usr/bin', '/usr/bin'],
  ['/opt/dynosaur/bin:/usr/bin', '/opt/dynosaur/bin:/usr/bin'],
  ['/x/node_modules/npm/node-gyp-bin:/usr/bin', '/usr/bin'],
  [':/usr/bin:.:bin:', '/usr/bin'],
  ['/usr/bin:/bin:/usr/bin', '/usr/bin:/bin'],
]

for (const [path, becomes] of PATHS) {
  test(`the PATH ${path} reaches a dyno as ${becomes}`, () => {
    const passed = callerEnvironment({ PATH: path }, { inherit: false, tty: false, own: OWN })
    assert.equal(passed['PATH'], becomes)
  })
}

test('a PATH with nothing usable in it becomes the usual one', () => {
  const passed = callerEnvironment({ PATH: '.' }, { inherit: false, tty: false, own: OWN })
  assert.match(passed['PATH']!, /^\/usr\/local\/sbin:/)
})
