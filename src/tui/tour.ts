import { type Board, type BoardDyno, hasTerminal } from './board.ts'

/** Where somebody is who is shown around: a step, and what there was when it began. */
export type Tour = {
  readonly step: number
  readonly began: number
  /** Dynos that were there, by their names. */
  readonly before: readonly string[]
}

type Step = {
  /** What to do, and what it shows; at most two rows of 80 columns. */
  readonly says: readonly [what: string, why: string]
  isDone(board: Board, tour: Tour): boolean
}

/** The process model in six steps, each done when it has really happened. */
export const STEPS: readonly Step[] = [
  {
    says: [
      'Press r, type bash and Enter: a one-off dyno, run.1.',
      'It runs any command exactly as a dyno of the formation would, on a terminal: yours.',
    ],
    isDone: ({ dynos }) => dynos.some((dyno) => isOneOff(dyno) && dyno.state === 'up'),
  },
  {
    says: [
      'In it, type: rm Procfile; ls   and then: exit',
      'Its files are its own copy: the app, and every other dyno, still has its Procfile.',
    ],
    isDone: ({ dynos }) => !dynos.some(isOneOff),
  },
  {
    says: [
      'Select web.1 with the arrows and press +: a second web dyno.',
      'The formation says how many of each type are wanted; the router sends requests to both.',
    ],
    isDone: ({ dynos }) => dynos.some(({ name, state }) => name === 'web.2' && state === 'up'),
  },
  {
    says: [
      'Select worker.1 and press s: it is stopped with SIGTERM, and begins again.',
      'It is still wanted: who wants fewer presses -, and a one-off that is stopped is gone.',
    ],
    isDone: (board, tour) => hasNewLife(board, tour, 'worker'),
  },
  {
    says: [
      'Press Enter: only the log of that dyno, and Enter again: all.',
      'Every line has its time and its dyno; dyno logs -p worker.1 shows the same anywhere.',
    ],
    isDone: ({ isAlone }) => isAlone,
  },
  {
    says: [
      'Press a and then Ctrl-C: worker.1 crashes. Ctrl-] comes back.',
      'What crashes is started again: at once, then after 10 seconds, 20, 40 …',
    ],
    isDone: (board, tour) => hasNewLife(board, tour, 'worker'),
  },
]

/** The tour at its beginning, or at a later step. */
export function tourAt(step: number, { dynos }: Board, now: number): Tour {
  return { step, began: now, before: dynos.map(({ name }) => name) }
}

/** The same tour, or the next step of it when this one has happened. */
export function toured(board: Board, now: number): Tour | null {
  const { tour } = board
  if (!tour || !STEPS[tour.step]?.isDone(board, tour)) return tour
  return tourAt(tour.step + 1, board, now)
}

/** What the rows of the tour say. */
export function tourText({ step }: Tour): readonly [what: string, why: string] {
  const found = STEPS[step]
  if (!found) return ['That is the model. q leaves; dyno help has all commands.', 'Tab begins again.']
  const [what, why] = found.says
  return [`${step + 1} of ${STEPS.length}  ${what}`, why]
}

/** The step after this one; after the last, the first. */
export function nextStep(board: Board, now: number): Tour | null {
  return board.tour && tourAt((board.tour.step + 1) % (STEPS.length + 1), board, now)
}

/** Rows that a tour takes of the screen. */
export const TOUR_ROWS = 2

const isOneOff = ({ name }: BoardDyno) => name.startsWith('run.')

// One that was there and runs again: how it ended in between may be too short to be seen.
function hasNewLife(board: Board, { began, before }: Tour, type: string): boolean {
  return (
    board.dynos.some(
      (dyno) =>
        dyno.type === type && before.includes(dyno.name) && dyno.since > began && dyno.state !== 'stopping',
    ) && !(hasTerminal(board) && board.mode.is === 'terminal')
  )
}
