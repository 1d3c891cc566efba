import { hasTerminal, heldAt, scrolled } from './board.ts'
import type { Desk } from './desk.ts'

/** How many lines are read from the log's files at a time. */
const READ = 5000

/** Shows so many older lines, or newer ones, of the log or of the terminal; lines that are not at hand are read. */
export function scroll(desk: Desk, by: number): void {
  const { become, board, log } = desk
  if (hasTerminal(board())) {
    desk.terminals.scroll(by)
    return
  }
  const top = () => Math.max(0, log.count() - (board().wraps ? 1 : desk.layout().main.height))
  if (by > 0 && board().up >= top()) readMore(desk)
  if (by < 0 && board().up + by <= 0) readOn(desk)
  become(scrolled(board(), by, top() + 1))
  if (!board().isHeld) log.trim()
}

function readMore({ log, orders, become }: Desk): void {
  const lines = orders.linesBefore(log.first(), READ)
  if (lines.length > 0) log.prepend(lines)
  else become({ notice: 'That is the oldest line there is.' })
}

// While it stands still lines may have come that are only counted.
function readOn({ log, orders, become, board }: Desk): void {
  const count = Math.min(log.unread(), READ)
  if (count === 0) return
  const { kept } = log.readOn(orders.linesBefore(log.end() + count, count))
  become({ up: board().up + kept })
}

/** Goes to the next line with what was looked for. */
export function find(desk: Desk, { older, up = desk.board().up }: { older: boolean; up?: number }): void {
  const { found } = desk.board()
  const at = found === '' ? undefined : desk.log.find({ text: found }, { up, older })
  const notice = found === '' ? 'Find what? / asks.' : `No ${older ? 'older' : 'newer'} line with '${found}'.`
  if (at === undefined) desk.become({ notice })
  else standAt(desk, at)
}

/** Goes to the first line that tells of an error, or to the last one, then the one before. */
export function findError(desk: Desk, { isFirst }: { isFirst: boolean }): void {
  const { up, isHeld } = desk.board()
  const from = isFirst ? { up: desk.log.count(), older: false } : { up: isHeld ? up : -1, older: true }
  const at = desk.log.find('error', from)
  if (at === undefined) desk.become({ notice: isFirst || !isHeld ? 'No error.' : 'No older error.' })
  else standAt(desk, at)
}

function standAt({ become, board }: Desk, up: number): void {
  become({ ...heldAt(board(), up), isHeld: true })
}
