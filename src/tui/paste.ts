/** What came from a terminal: by keys (and mouse), or pasted. */
export type Sent = { readonly text: string; readonly isPasted: boolean }

/** Makes a terminal say what is pasted (mode 2004), and no longer. */
export const TELL_PASTES = { on: '\u001b[?2004h', off: '\u001b[?2004l' }

const [BEGIN, END] = ['\u001b[200~', '\u001b[201~']

/**
 * Tells what was pasted from what was typed. A paste is there when it is whole, wherever reads have cut it; where one
 * begins is not cut (`readTerminal` sees to that). `isInside`:
 * the end of one is still to come.
 */
export function readPastes(): (text: string) => {
  readonly sent: readonly Sent[]
  readonly isInside: boolean
} {
  let begun: string | undefined
  return (text) => {
    const sent: Sent[] = []
    let rest = text
    while (rest !== '' || begun !== undefined) {
      const all: string = (begun ?? '') + rest
      const mark = begun === undefined ? BEGIN : END
      const at = all.indexOf(mark, Math.max(0, (begun?.length ?? 0) - mark.length))
      if (at < 0) {
        if (begun === undefined) sent.push({ text: all, isPasted: false })
        else begun = all
        break
      }
      if (at > 0 || begun !== undefined) sent.push({ text: all.slice(0, at), isPasted: begun !== undefined })
      begun = begun === undefined ? '' : undefined
      rest = all.slice(at + mark.length)
    }
    return { sent, isInside: begun !== undefined }
  }
}

/** A paste as a program gets it that asked to be told of pastes. */
export function bracketed(text: string): string {
  return BEGIN + text + END
}

/** What there is room for where one line is typed: the first one, without what is no text. */
export function pastedLine(text: string): string {
  return /^[^\r\n]*/
    .exec(text)![0]
    .replace(/\t/g, ' ')
    .replace(/\p{Cc}/gu, '')
}
