import { holdMarker } from '../../core/wire/exit-marker.ts'

/** How long half a marker line waits for the other half, in milliseconds. */
const PATIENCE = 300

/** Output on its way to Heroku's CLI, which knows a marker line only when all of it comes in one piece. */
export type HeldOutput = {
  /** Sends it but for half a marker line at its end; false asks for a pause. */
  pass(bytes: Uint8Array): boolean
  /** Sends what is held back. */
  rest(): void
  /** Waits for nothing any more. */
  drop(): void
}

export function holdOutput(send: (bytes: Uint8Array) => boolean): HeldOutput {
  const hold = holdMarker()
  let timer: NodeJS.Timeout | undefined
  const drop = () => clearTimeout(timer)
  const rest = () => {
    drop()
    if (hold.isHolding()) send(hold.rest())
  }
  return {
    pass(bytes) {
      drop()
      const isTaken = send(hold.pass(bytes))
      if (hold.isHolding()) timer = setTimeout(rest, PATIENCE)
      return isTaken
    },
    rest,
    drop,
  }
}
