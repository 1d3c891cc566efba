import assert from 'node:assert/strict'
import test from 'node:test'
import { roffBold, roffItalic, roffText } from '../../src/core/roff.ts'

test('text is never a request of roff, whatever it begins with', () => {
  assert.equal(roffText('.env is read'), '\\&.env is read')
  assert.equal(roffText("'quoted'"), '\\(aqquoted\\(aq')
})

test('hyphens stay what a shell takes, and a backslash is one', () => {
  assert.equal(roffText('--no-tty'), '\\-\\-no\\-tty')
  assert.equal(roffText('a\\nb'), 'a\\enb')
})

test('text of roff is ASCII, and no quote in it ends an argument', () => {
  assert.equal(roffText('TYPE… 80×24 😀'), 'TYPE[u2026] 80[u00D7]24 [u1F600]'.replaceAll('[u', '\\[u'))
  assert.equal(roffText('say "x" `y` ~ ^'), 'say \\(dqx\\(dq \\(gay\\(ga \\(ti \\(ha')
})

test('bold and italic end where they should', () => {
  assert.equal(`${roffBold('-a')} ${roffItalic('DIR')}`, '\\fB\\-a\\fR \\fIDIR\\fR')
})
