/** Logplex cuts a longer line into pieces of this many bytes. */
export const MAX_LINE_BYTES = 10_000

/** Turns chunks of output into lines; the tail without a newline is kept until `rest`. */
export type LineCutter = {
  /** The lines that this chunk completes, without their line ends. */
  cut(chunk: Uint8Array): string[]
  /** What is left at the end of the output: one line, or none. */
  rest(): string[]
}

/** A cutter for one stream: characters split across chunks stay whole, CRLF counts as one line end. */
export function cutLines(): LineCutter {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let tail: Uint8Array = new Uint8Array(0)
  let continues = false // the line so far was too long: what comes is the rest of it
  const keep = (part: Uint8Array, lines: string[]): void => {
    tail = joined(tail, part)
    while (tail.length > MAX_LINE_BYTES) {
      const end = characterEnd(tail, MAX_LINE_BYTES)
      lines.push(decoder.decode(tail.subarray(0, end)))
      tail = tail.subarray(end)
      continues = true
    }
  }
  const endLine = (): string[] => {
    const line = decoder.decode(tail.at(-1) === 0x0d ? tail.subarray(0, -1) : tail)
    const isLine = line !== '' || !continues
    tail = new Uint8Array(0)
    continues = false
    return isLine ? [line] : []
  }
  return {
    cut(chunk) {
      const lines: string[] = []
      let from = 0
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, end), lines)
        lines.push(...endLine())
        from = end + 1
      }
      keep(chunk.subarray(from), lines)
      tail = tail.slice() // the chunk is its sender's
      return lines
    },
    rest: () => (tail.length > 0 ? endLine() : []),
  }
}

// Steps back from `end` to where a UTF-8 character begins; in bytes that are no characters it stays.
function characterEnd(bytes: Uint8Array, end: number): number {
  for (let cut = end; cut > end - 4; cut--) if ((bytes[cut]! & 0xc0) !== 0x80) return cut
  return end
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const whole = new Uint8Array(a.length + b.length)
  whole.set(a)
  whole.set(b, a.length)
  return whole
}
