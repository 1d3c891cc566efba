import type { Answer, PublicRequest } from '../../core/api/exchange.ts'
import type { Meeting } from '../../core/wire/meeting.ts'

/** What is served on the port. */
export type Site = {
  /** What a caller must know, for all but addresses that are secrets themselves. */
  readonly key: string
  answer(request: PublicRequest): Promise<Answer>
  /** Where a file that is sent to this address goes, once it is whole; undefined where none is expected. */
  expects(path: string): ((file: string) => Promise<Answer>) | undefined
  /** The answer where ours went wrong. */
  fault(error: unknown): Answer
  /** Whoever comes with this token; undefined where nobody is waited for. */
  meet(token: string): Meeting | undefined
}

/** The port, once it is open; `url` has no slash at its end. */
export type OpenSite = {
  readonly url: string
  /** Where terminals are joined with dynos, with TLS. */
  readonly attachPort: number
  /** The file with the authority that signs for it. */
  readonly authority: string
  close(): void
}
