import type { TerminalSize } from '../terminal-size.ts'
import type { Wire } from '../wire/wire.ts'

/** A request to the Platform API, its body already read as JSON. */
export type Request = {
  readonly method: string
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  readonly prefer: string
  readonly user: string
  readonly body: unknown
  /** Whether who asked is gone and will hear no answer. */
  readonly hasLeft?: () => boolean
}

/** A request as strangers make it: with what it says of the version and the part of a list it wants. */
export type PublicRequest = Request & { readonly accept: string; readonly range: string }

/**
 * A JSON answer (`unheard` is called when its client has left before it), a file, or a stream of lines, some at a time,
 * that the client may end first.
 */
export type Answer =
  | {
      readonly status: number
      readonly body: unknown
      readonly warning?: string
      readonly headers?: Readonly<Record<string, string>>
      readonly unheard?: () => void
    }
  | { readonly bytes: AsyncIterable<Uint8Array>; readonly type: string }
  | { readonly follow: (write: (lines: readonly string[]) => void, end: () => void) => () => void }

/** Takes a client's connection to what waits at a path; `terminal` is one that it wants after all. Throws a Problem to refuse it. */
export type Attach = (path: string, wire: () => Wire, terminal?: TerminalSize | null) => void

/** The Platform API of one manifold; `Answered` is how an answer comes, which takes its time: core cannot say so. */
export type ServedApi<Answered> = {
  answer(request: Request): Answered
  /** The answer where ours went wrong. */
  fault(error: unknown): Answer
  readonly attach: Attach
}

/** The Platform API on a port, for strangers; `Answered` as above. */
export type PublicApi<Answered> = {
  /** What a caller must know, for all but addresses that are secrets themselves. */
  readonly key: string
  answer(request: PublicRequest): Answered
  /** Where a file that is sent to this address goes, once it is whole; undefined where none is expected. */
  expects(path: string): ((file: string) => Answered) | undefined
  /** The answer where ours went wrong. */
  fault(error: unknown): Answer
}

/** Whether `GET /apps/:/dynos` means this request; `:` stands for anything, and `parts` are those of its path. */
export function pathMatches(pattern: string, method: string, parts: readonly string[]): boolean {
  const [wanted, path] = pattern.split(' ')
  const pieces = path!.split('/').slice(1)
  return (
    wanted === method &&
    pieces.length === parts.length &&
    pieces.every((piece, i) => piece === ':' || piece === parts[i])
  )
}
