import assert from 'node:assert/strict'
import test from 'node:test'
import { mountTable, parseMountinfo, type RootPlan } from '../../src/core/mount-table.ts'

const MOUNTINFO = String.raw`22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:20 / /proc rw,nosuid,nodev,noexec - proc proc rw
41 22 8:2 / /home rw,nodev,relatime shared:2 master:3 - btrfs /dev/sda2 rw
50 41 0:40 / /home/ada/My\040Files rw,noexec - fuse.sshfs host: rw
51 41 0:41 / /home/ada/My\040Files rw,nosuid - tmpfs tmpfs rw
60 22 7:1 / /snap/core/1 ro,nodev,relatime - squashfs /dev/loop1 ro
nonsense
70 22 0:42 / /cut`

test('a mount is read with its place, its options and its type', () => {
  const mounts = parseMountinfo(MOUNTINFO)
  assert.deepEqual(mounts[0], { point: '/', options: ['rw', 'relatime'], type: 'ext4', only: null })
  assert.deepEqual(mounts.find(({ point }) => point === '/home')?.type, 'btrfs')
})

test('of two mounts at one place the last is seen, and a blank in a name is a blank', () => {
  const here = parseMountinfo(MOUNTINFO).filter(({ point }) => point === '/home/ada/My Files')
  assert.deepEqual(here, [
    { point: '/home/ada/My Files', options: ['rw', 'nosuid'], type: 'tmpfs', only: null },
  ])
})

test('lines that are no mounts are passed over', () => {
  const points = parseMountinfo(MOUNTINFO).map(({ point }) => point)
  assert.deepEqual(points, ['/', '/proc', '/home', '/home/ada/My Files', '/snap/core/1'])
  assert.deepEqual(parseMountinfo(''), [])
})

const plan = (parts: Partial<RootPlan> = {}): RootPlan => ({
  skeleton: '/r/s',
  shown: ['/usr'],
  hidden: [],
  replaced: new Map(),
  guarded: [],
  mounts: parseMountinfo(MOUNTINFO),
  app: { trees: '/cache/trees' },
  ...parts,
})
const table = (parts: Partial<RootPlan> = {}) => mountTable(plan(parts)).trimEnd().split('\n')

test('every line of the table is the six fields of fstab', () => {
  const lines = table({
    shown: ['/usr', '/home'],
    hidden: ['/run'],
    replaced: new Map([['/etc/passwd', '/r/passwd']]),
  })
  for (const line of lines) assert.match(line, /^\S+ \/\S+ (none|tmpfs|devpts|proc) \S+ 0 0$/)
  assert.equal(lines[0], '/r/s /r/s none bind 0 0')
})

test("a part of the dyno's own /proc is made read-only once that is there", () => {
  const lines = table({ guarded: ['/proc/sys'] })
  const at = lines.indexOf('/r/s/proc/sys /r/s/proc/sys none bind 0 0')
  assert.ok(at > lines.findIndex((line) => line.startsWith('proc ')))
  assert.equal(lines[at + 1], 'none /r/s/proc/sys none remount,bind,ro,nosuid 0 0')
})

test('a shown folder is bound with all below it, and then made read-only', () => {
  const lines = table()
  const at = lines.indexOf('/usr /r/s/usr none rbind 0 0')
  assert.ok(at > 0)
  assert.equal(lines[at + 1], 'none /r/s/usr none remount,bind,ro,nosuid 0 0')
})

test('read-only keeps the flags that a user namespace locks, of the mount that covers the folder', () => {
  const lines = table({ shown: ['/home/ada'] })
  assert.ok(lines.includes('none /r/s/home/ada none remount,bind,ro,nosuid,nodev 0 0'))
})

test('writable mounts below a shown folder are made read-only too, those that are read-only are left', () => {
  const below = table({ shown: ['/home', '/snap'] }).filter((line) =>
    /^none \/r\/s\/(home|snap)\//.test(line),
  )
  assert.deepEqual(below, [String.raw`none /r/s/home/ada/My\040Files none remount,bind,ro,nosuid 0 0`])
})

test('a mount that starts like a shown folder’s name is not below it', () => {
  const mounts = parseMountinfo('1 0 0:1 / /usr-local rw - ext4 x rw')
  assert.ok(!table({ mounts }).some((line) => line.includes('usr-local')))
})

test('what is hidden is covered after it was shown, and what is below it needs no flag', () => {
  const lines = table({ shown: ['/home'], hidden: ['/home/ada'] })
  const shown = lines.findIndex((line) => line.startsWith('/home '))
  const hidden = lines.findIndex((line) => line.startsWith('tmpfs /r/s/home/ada tmpfs ro,'))
  assert.ok(shown >= 0 && hidden > shown)
  assert.ok(!lines.some((line) => line.includes('My')))
})

test('a file that stands in for the host’s cannot be written', () => {
  const lines = table({ replaced: new Map([['/etc/passwd', '/r/passwd']]) })
  const at = lines.indexOf('/r/passwd /r/s/etc/passwd none bind 0 0')
  assert.equal(lines[at + 1], 'none /r/s/etc/passwd none remount,bind,ro,nosuid 0 0')
})

test('a dyno has /tmp, /dev/shm, /dev/pts, /proc and a few devices of its own', () => {
  const lines = table()
  for (const place of ['/tmp', '/var/tmp', '/dev/shm']) {
    assert.ok(lines.includes(`tmpfs /r/s${place} tmpfs mode=1777,nosuid,nodev,size=25% 0 0`), place)
  }
  assert.ok(lines.some((line) => line.startsWith('proc /r/s/proc proc ')))
  assert.ok(lines.some((line) => line.startsWith('devpts /r/s/dev/pts devpts newinstance,')))
  const devices = lines.filter((line) => line.startsWith('/dev/')).map((line) => line.split(' ')[0])
  assert.deepEqual(
    devices,
    ['null', 'zero', 'full', 'random', 'urandom', 'tty'].map((name) => `/dev/${name}`),
  )
})

test('slugs are bound read-only where the overlay finds them, and writes have a limit', () => {
  assert.deepEqual(table().slice(-3), [
    'tmpfs /r/s/app tmpfs mode=755,nodev,size=25% 0 0',
    '/cache/trees /r/s/app/trees none bind,X-mount.mkdir 0 0',
    'none /r/s/app/trees none remount,bind,ro,nosuid 0 0',
  ])
})

const NAMES: readonly (readonly [name: string, field: string])[] = [
  ['/a b', String.raw`/a\040b`],
  ['/a\tb\nc\\d', String.raw`/a\011b\012c\134d`],
  ['/#a', String.raw`/\043a`],
  ['/a\u00a0b\u3000c', '/a\u00a0b\u3000c'],
]

for (const [name, field] of NAMES) {
  test(`the name ${JSON.stringify(name)} is one field of the table`, () => {
    assert.ok(table({ shown: [name], mounts: [] }).includes(`${field} /r/s${field} none rbind 0 0`))
  })
}

test("a FUSE mount is its owner's alone, unless it was opened to all", () => {
  const line = (settings: string) => `90 1 0:40 / /m rw - fuse.sshfs sshfs ${settings}\n`
  const [own] = parseMountinfo(line('rw,user_id=1000,group_id=1000'))
  assert.equal(own?.only, 1000)
  const [open] = parseMountinfo(line('rw,user_id=1000,group_id=1000,allow_other'))
  assert.equal(open?.only, null)
})
