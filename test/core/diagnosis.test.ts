import assert from 'node:assert/strict'
import test from 'node:test'
import { type Diagnosis, diagnosisText, lacksOf } from '../../src/core/diagnosis.ts'

const FINE: Diagnosis = {
  versions: {
    dyno: '1.2.3',
    node: '26.0.0',
    v8: '14.6',
    platform: 'linux',
    arch: 'x64',
    single_binary: false,
  },
  walls: { full: true },
  namespaces: {
    platform: 'linux',
    appArmor: '0',
    userns: undefined,
    most: '15000',
    missing: [],
    container: false,
    root: false,
  },
  overlay: true,
  ports: [
    { port: 5000, of: 'router', holder: null },
    { port: 5001, of: 'web.1', holder: null },
  ],
  screen: { term: 'xterm', columns: 80, rows: 24, colours: 256, input: true, output: true, ci: false },
  addon: null,
  folders: { runtime: '/run/dyno', cache: '/cache/dyno', state: '/state/dyno' },
  cache: { slugs: 2, bytes: 3_000_000 },
}

const whatFallsBack = (changes: Partial<Diagnosis>) => lacksOf({ ...FINE, ...changes }).map(({ of }) => of)

test('a machine that has everything lacks nothing, and its diagnosis says so first', () => {
  assert.deepEqual(lacksOf(FINE), [])
  const text = diagnosisText(FINE)
  assert.match(text, /^Dynos can run here, as on Heroku\.\n/)
  assert.match(text, /^Versions: {3}dyno 1\.2\.3, node 26\.0\.0, v8 14\.6, linux-x64$/m)
  assert.match(text, /^Namespaces: a user's \(.*user\.max_user_namespaces=15000\)$/m)
  assert.match(text, /^Ports: {6}5000 router, 5001 web\.1$/m)
  assert.match(text, /^Screen: {5}xterm, 80×24, 256 colours$/m)
  assert.match(text, /^Slugs: {6}\/cache\/dyno \(2, 3\.0 MB\)$/m)
})

test('folder walls are named with their cost, why, and the commands that mend it', () => {
  const namespaces = { ...FINE.namespaces, appArmor: '1' }
  const text = diagnosisText({ ...FINE, walls: { full: false, reason: 'unshare: EPERM' }, namespaces })
  assert.match(text, /^Walls: {6}folders only$/m)
  assert.match(text, /^Walls: Folders only\. Each dyno gets its own copy/m)
  assert.match(text, /AppArmor does not let users make namespaces\. \(It said: unshare: EPERM\)/)
  assert.match(text, /^ {4}sudo sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0$/m)
})

test('a port that is taken is named with who has it', () => {
  const holder = { is: 'process', pid: 7, command: 'python3 -m http.server' } as const
  const [lack] = lacksOf({ ...FINE, ports: [{ port: 5000, of: 'router', holder }] })
  assert.match(lack!.why, /'python3 -m http\.server' \(pid 7\)/)
})

test('what no picture can be drawn on falls back to lines', () => {
  const { screen } = FINE
  assert.deepEqual(whatFallsBack({ screen: { ...screen, output: false } }), ['dashboard'])
  assert.deepEqual(whatFallsBack({ screen: { ...screen, term: 'dumb' } }), ['dashboard'])
  assert.deepEqual(whatFallsBack({ screen: { ...screen, ci: true } }), ['dashboard'])
})

test('an addon that does not load leaves pipes', () => {
  assert.deepEqual(whatFallsBack({ addon: 'no such file' }), ['terminals'])
})

test('where there are no namespaces none are told of', () => {
  const versions = { ...FINE.versions, platform: 'darwin' }
  assert.doesNotMatch(diagnosisText({ ...FINE, versions }), /Namespaces|Overlay/)
})
