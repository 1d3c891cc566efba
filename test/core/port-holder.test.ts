import assert from 'node:assert/strict'
import test from 'node:test'
import { describeHolder, type PortHolder } from '../../src/core/port-holder.ts'

const held = (command: string): PortHolder => ({ is: 'process', pid: 4711, command })
const CONTROL_CENTER = '/System/Library/CoreServices/ControlCenter.app/Contents/MacOS/ControlCenter'
const LONG = `node ${'x'.repeat(100)}`

const rows: readonly (readonly [says: string, holder: PortHolder, sentence: string])[] = [
  [
    'the program that has it, and its pid',
    held('python3 -m http.server 5000'),
    "Port 5000 is taken by 'python3 -m http.server 5000' (pid 4711); stop it, or choose another base port with -p.",
  ],
  [
    'a long command cut short',
    held(LONG),
    `Port 5000 is taken by '${LONG.slice(0, 59)}…' (pid 4711); stop it, or choose another base port with -p.`,
  ],
  [
    'no control character that a program named itself with',
    held('evil\u001b[2J\nname'),
    "Port 5000 is taken by 'evil [2J name' (pid 4711); stop it, or choose another base port with -p.",
  ],
  [
    'AirPlay Receiver, and where to turn it off',
    held(CONTROL_CENTER),
    "Port 5000 is taken by AirPlay Receiver of macOS; turn it off in System Settings under 'General', 'AirDrop & Handoff', or choose another base port with -p.",
  ],
  [
    'the app whose dyno has it, and how to end that',
    held('/lib/node --max-semi-space-size=8 /lib/cli.mjs __manifold /home/ada/my shop pipes'),
    "Port 5000 is taken by dyno for the app in /home/ada/my shop; type 'dyno down' there, or choose another base port with -p.",
  ],
  [
    'another user whose programs are hidden',
    { is: 'unknown' },
    "Port 5000 is taken by another user's program; stop it, or choose another base port with -p.",
  ],
  [
    'nobody where only root may have it',
    { is: 'reserved' },
    'Port 5000 is for root only; choose another base port with -p (1024 or above).',
  ],
]

for (const [says, holder, sentence] of rows) {
  test(`a port that is taken names ${says}`, () => assert.equal(describeHolder(5000, holder), sentence))
}

test('how another port is chosen depends on who asks for it', () => {
  const sentence = describeHolder(80, { is: 'reserved' }, 'name another --port')
  assert.equal(sentence, 'Port 80 is for root only; name another --port (1024 or above).')
})
