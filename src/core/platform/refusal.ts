/** An error as the Platform API answers it. */
export type Refusal = {
  readonly status: number
  readonly body: { readonly id: string; readonly message: string }
}

const IDS = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  406: 'not_acceptable',
  413: 'request_entity_too_large',
  416: 'requested_range_not_satisfiable',
  422: 'invalid_params',
  429: 'rate_limit',
  500: 'internal_server_error',
  503: 'unavailable',
} as const

/** The answer with this status and sentence; the error id is Heroku's for it. */
export function refusal(status: keyof typeof IDS, message: string): Refusal {
  return { status, body: { id: IDS[status], message } }
}
