import assert from 'node:assert/strict'
import test from 'node:test'
import { Problem } from '../../src/core/problem.ts'
import { type NamespaceSettings, wallsAdvice, wallsKind } from '../../src/core/walls.ts'

test('walls are full or folder, and nothing else', () => {
  assert.equal(wallsKind('full'), 'full')
  assert.equal(wallsKind('folder'), 'folder')
  for (const word of ['', 'Full', 'none', 1, null]) assert.throws(() => wallsKind(word), Problem)
})

const FINE: NamespaceSettings = {
  platform: 'linux',
  appArmor: undefined,
  userns: undefined,
  most: '63000',
  missing: [],
  container: false,
}
const ADVICE: readonly (readonly [
  settings: Partial<NamespaceSettings>,
  cause: RegExp,
  command: RegExp | undefined,
])[] = [
  [{ platform: 'darwin', missing: ['unshare'] }, /need Linux/, undefined],
  [
    { missing: ['unshare', 'mount'], appArmor: '1' },
    /not installed: unshare, mount\./,
    /^sudo apt-get install .*util-linux/,
  ],
  [
    { appArmor: '1', most: '0' },
    /AppArmor/,
    /^sudo sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0$/,
  ],
  [
    { appArmor: '0', userns: '0' },
    /kernel does not let users/,
    /^sudo sysctl -w kernel\.unprivileged_userns_clone=1$/,
  ],
  [{ most: '0' }, /limited to 0/, /^sudo sysctl -w user\.max_user_namespaces=15000$/],
  [{ container: true, userns: '1' }, /container/, /^docker run --privileged/],
  [{}, /kernel refuses/, undefined],
]

for (const [settings, cause, command] of ADVICE) {
  test(`${JSON.stringify(settings)} is explained, with what to type`, () => {
    const advice = wallsAdvice({ ...FINE, ...settings })
    assert.match(advice.cause, cause)
    if (command) assert.match(advice.commands[0]!, command)
    else assert.deepEqual(advice.commands, [])
  })
}

test('a setting is changed at once, and again after every boot', () => {
  const [now, later] = wallsAdvice({ ...FINE, most: '0' }).commands
  assert.ok(now!.includes('sysctl -w'))
  assert.equal(later, "echo 'user.max_user_namespaces=15000' | sudo tee /etc/sysctl.d/60-dyno.conf")
})
