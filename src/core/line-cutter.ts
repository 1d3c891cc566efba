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
  let tail: Uint8Array[] = []
  let size = 0
  const take = (): string => {
    const bytes = concat(tail, size)
    tail = []
    size = 0
    const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length
    return decoder.decode(bytes.subarray(0, end))
  }
  const keep = (part: Uint8Array, lines: string[]): void => {
    let from = 0
    while (size + part.length - from > MAX_LINE_BYTES) {
      const cut = characterEnd(part, from, from + MAX_LINE_BYTES - size)
      tail.push(part.subarray(from, cut))
      size += cut - from
      lines.push(take())
      from = cut
    }
    if (from < part.length) tail.push(part.slice(from))
    size += part.length - from
  }
  return {
    cut(chunk) {
      const lines: string[] = []
      let from = 0
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, end), lines)
        lines.push(take())
        from = end + 1
      }
      keep(chunk.subarray(from), lines)
      return lines
    },
    rest: () => (size > 0 ? [take()] : []),
  }
}

// Steps back from `end` to where a UTF-8 character begins, unless that would give up everything.
function characterEnd(bytes: Uint8Array, from: number, end: number): number {
  let cut = end
  while (cut > from && cut > end - 4 && (bytes[cut]! & 0xc0) === 0x80) cut--
  return cut > from ? cut : end
}

function concat(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
