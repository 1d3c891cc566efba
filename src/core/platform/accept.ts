const TYPE = /^application\/(?:vnd\.heroku\+)?json$/

/**
 * Whether an `Accept` header can be answered: Heroku's `application/vnd.heroku+json; version=3`, a variant of that
 * (`3.sdk`, `3.run-inside`), JSON of no version, events, or anything.
 */
export function isAcceptable(accept: string): boolean {
  if (accept.trim() === '') return true
  return accept.split(',').some((each) => {
    const [type = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase())
    if (type === '*/*' || type === 'application/*' || type === 'text/event-stream') return true
    const version = parameters.find((parameter) => parameter.startsWith('version='))?.slice('version='.length)
    return TYPE.test(type) && (version === undefined || /^3(?:\.[\w-]+)?$/.test(version))
  })
}
