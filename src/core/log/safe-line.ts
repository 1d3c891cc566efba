// Where many dynos share a terminal, none may clear it, move its cursor, change its title or ask it questions.
// Colours may pass (SGR, which ends in `m`), and are closed at the line's end.

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this is about

/** Everything that is no text: C0 but for tab and newline, DEL, C1. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/

/**
 * A sequence, or a control character alone, by what begins it: CSI; OSC, DCS, SOS, PM and APC with the text that
 * belongs to them, up to their end or the line's (a line has at most 10,000 bytes, so they have an end); other escapes.
 */
const SEQUENCE =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?:(?!\x1b\\)[^\x07\x9c])*(?:\x07|\x9c|\x1b\\)?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g

const COLOUR = /^(?:\x1b\[|\x9b)([0-9;:]*)m$/

// biome-ignore-end lint/suspicious/noControlCharactersInRegex: end of control characters

const RESET = '\u001b[0m'

/** Whether a text, of one line or many, has anything in it that `safeLine` would look at. */
export function hasControls(text: string): boolean {
  return CONTROL.test(text)
}

/** One line as it may be shown beside others: of all control sequences only colours, and those closed. */
export function safeLine(line: string): string {
  if (!CONTROL.test(line)) return line
  let open = false
  const safe = line.replace(SEQUENCE, (sequence) => {
    const colour = COLOUR.exec(sequence)
    if (!colour) return ''
    open = !/^(?:0*[;:])*0*$/.test(colour[1]!)
    return `\u001b[${colour[1]}m`
  })
  return open ? safe + RESET : safe
}

/** One line without any control sequence. */
export function plainLine(line: string): string {
  return line.replace(SEQUENCE, '')
}
