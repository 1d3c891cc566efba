import { joinBytes } from './join-bytes.ts'

/** Bytes that wait for their turn, each with the label of the stream it is of. */
export type ByteQueue<Label> = {
  /** How many wait. */
  readonly length: number
  push(bytes: Uint8Array, label: Label): void
  /** The next ones of one label, at most `limit` (which is not 0); undefined when none waits. */
  take(limit: number): { readonly bytes: Uint8Array; readonly label: Label } | undefined
  /** Puts back what was taken last, or the end of it. */
  putBack(bytes: Uint8Array, label: Label): void
  clear(): void
}

/** How many pieces that are done with may stay in the list: to take them out one by one would be slow. */
const SPENT = 1000

export function queueBytes<Label>(): ByteQueue<Label> {
  let pieces: { bytes: Uint8Array; readonly label: Label }[] = []
  let first = 0
  let length = 0

  const taken = (limit: number, label: Label): Uint8Array[] => {
    const parts: Uint8Array[] = []
    for (let left = limit; left > 0 && pieces[first]?.label === label; ) {
      const piece = pieces[first]!
      parts.push(piece.bytes.subarray(0, left))
      if (piece.bytes.length > left) {
        piece.bytes = piece.bytes.subarray(left)
        break
      }
      left -= piece.bytes.length
      first++
    }
    return parts
  }
  return {
    get length() {
      return length
    },
    push(bytes, label) {
      if (bytes.length === 0) return
      pieces.push({ bytes, label })
      length += bytes.length
    },
    take(limit) {
      const next = pieces[first]
      if (!next) return undefined
      const bytes = joinBytes(taken(limit, next.label))
      length -= bytes.length
      if (first === pieces.length || (first > SPENT && first * 2 > pieces.length)) {
        pieces = pieces.slice(first)
        first = 0
      }
      return { bytes, label: next.label }
    },
    putBack(bytes, label) {
      if (bytes.length === 0) return
      if (first > 0) pieces[--first] = { bytes, label }
      else pieces.unshift({ bytes, label })
      length += bytes.length
    },
    clear() {
      pieces = []
      first = 0
      length = 0
    },
  }
}
