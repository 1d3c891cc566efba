import type { Answer, PublicApi } from '../../core/api/exchange.ts'
import type { Meeting } from '../../core/wire/meeting.ts'

/** What is served on the port. */
export type Site = PublicApi<Promise<Answer>> & {
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
