import assert from 'node:assert/strict'
import test from 'node:test'
import { hasControls, plainLine, safeLine } from '../../../src/core/log/safe-line.ts'

const E = '\u001b'

const SHOWN: readonly (readonly [says: string, line: string, shown: string])[] = [
  ['text', 'héllo 漢字 🦆', 'héllo 漢字 🦆'],
  ['tabs', '\ta\tb', '\ta\tb'],
  [
    'a colour that is closed',
    `${E}[31mred${E}[0m and ${E}[1;4mbold${E}[m`,
    `${E}[31mred${E}[0m and ${E}[1;4mbold${E}[m`,
  ],
  ['a colour that is left open, closed', `${E}[31mred`, `${E}[31mred${E}[0m`],
  ['a colour after a reset in one sequence, closed', `${E}[0;31mred`, `${E}[0;31mred${E}[0m`],
  [
    'colours of 256 and of 24 bits',
    `${E}[38;5;9m${E}[38:2::1:2:3mx`,
    `${E}[38;5;9m${E}[38:2::1:2:3mx${E}[0m`,
  ],
  ['no clear-screen', `a${E}[2J${E}[H${E}[3Jb${E}cc`, 'abc'],
  ['no alternate screen, cursor, mouse or paste mode', `a${E}[?1049h${E}[?25l${E}[?1000h${E}[?2004hb`, 'ab'],
  ['no movement of the cursor', `a${E}[5;20Hb${E}[Ac${E}7d${E}8e\b\vf`, 'abcdef'],
  ['no question', `a${E}[6n${E}[c${E}[>c${E}Z${E}P+q544e${E}\\b`, 'ab'],
  ['no title', `a${E}]0;stolen\u0007b${E}]2;again${E}\\c`, 'abc'],
  ['no hyperlink, but its text', `${E}]8;;http://x${E}\\here${E}]8;;${E}\\`, 'here'],
  ['no OSC that never ends, nor what is in it', `a${E}]0;${'x'.repeat(9000)}`, 'a'],
  ['no CSI that never ends', `a${E}[12;34`, 'a'],
  ['no private sequence that looks like a colour', `a${E}[>4;2mb${E}[?1mc${E}[1 md`, 'abcd'],
  ['no lone escape', `a${E}`, 'a'],
  ['no character set, scroll region or keypad', `a${E}(0${E}[1;3r${E}=b`, 'ab'],
  ['no bell, null, shift or delete', 'a\u0007\u0000\u000e\u000f\u007fb', 'ab'],
  ['no C1 control', 'a\u0085\u008db', 'ab'],
  ['no C1 sequence', 'a\u009b2Jb\u009d0;title\u009cc\u0090q\u0007d', 'abcd'],
  ['a C1 colour as any other', '\u009b31mred', `${E}[31mred${E}[0m`],
  ['no sequence hidden in another', `a${E}[${E}[2Jb`, 'ab'],
]

for (const [says, line, shown] of SHOWN) {
  test(`beside others a line shows ${says}`, () => {
    assert.equal(safeLine(line), shown)
    assert.equal(hasControls(line), /[^\P{Cc}\t]/u.test(line))
  })
}

test('what is shown is safe, whatever bytes a program writes', () => {
  let seed = 1
  const next = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  const alphabet = [...`${E}${E}${E}[]\\PX^_?;:0123mJHh\u0007\u009b\u009d\u009c abc`]
  for (let round = 0; round < 20_000; round++) {
    const line = Array.from({ length: next(20) }, () => alphabet[next(alphabet.length)]).join('')
    const withoutColours = safeLine(line).replaceAll(new RegExp(`${E}\\[[0-9;:]*m`, 'g'), '')
    assert.doesNotMatch(withoutColours, /[^\P{Cc}\t]/u, JSON.stringify(line))
    assert.doesNotMatch(plainLine(line), /\p{Cc}/u)
  }
})
