/** A request to the Platform API, its body already read as JSON. */
export type Request = {
  readonly method: string
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  readonly prefer: string
  readonly user: string
  readonly body: unknown
}

/**
 * A JSON answer (`unheard` is called when its client has left before it), or a stream of lines, some at a time, that
 * the client may end first.
 */
export type Answer =
  | {
      readonly status: number
      readonly body: unknown
      readonly warning?: string
      readonly unheard?: () => void
    }
  | { readonly follow: (write: (lines: readonly string[]) => void, end: () => void) => () => void }
