// What Heroku's published JSON schema of its Platform API demands of a response, as facts: which keys there are, of what
// type, and in what form. Where the schema names a host of Heroku's (`git_url`, `web_url`), a manifold owes only the form.

/** What a value has to be. `| null`: `nullable`. */
export type Rule =
  | { readonly kind: 'string'; readonly pattern?: RegExp; readonly oneOf?: readonly string[] }
  | { readonly kind: 'integer' | 'number' | 'boolean' | 'null' }
  | { readonly kind: 'list'; readonly of: Rule }
  /** Every key matches, and so does every value. */
  | { readonly kind: 'map'; readonly key: RegExp; readonly of: Rule }
  | { readonly kind: 'object'; readonly keys: Readonly<Record<string, Rule>>; readonly isOpen: boolean }
  | { readonly kind: 'either'; readonly rules: readonly Rule[] }

/** Every way in which a value breaks a rule: where, and how. */
export function conforms(value: unknown, rule: Rule, path = ''): string[] {
  const at = path === '' ? 'it' : path
  const isNot = (what: string) => [`${at} is not ${what}: ${JSON.stringify(value)}`]
  switch (rule.kind) {
    case 'string': {
      if (typeof value !== 'string') return isNot('a string')
      if (rule.oneOf && !rule.oneOf.includes(value)) return isNot(`one of ${rule.oneOf.join(', ')}`)
      return rule.pattern && !rule.pattern.test(value) ? isNot(`like ${rule.pattern}`) : []
    }
    case 'integer':
      return Number.isInteger(value) ? [] : isNot('an integer')
    case 'null':
      return value === null ? [] : isNot('null')
    case 'number':
    case 'boolean':
      return typeof value === rule.kind ? [] : isNot(`a ${rule.kind}`)
    case 'list':
      if (!Array.isArray(value)) return isNot('a list')
      return value.flatMap((each, index) => conforms(each, rule.of, `${path}[${index}]`))
    case 'map':
      if (!isDictionary(value)) return isNot('an object')
      return Object.entries(value).flatMap(([key, each]) =>
        rule.key.test(key)
          ? conforms(each, rule.of, `${path}.${key}`)
          : [`${at} has a key not like ${rule.key}: ${key}`],
      )
    case 'object': {
      if (!isDictionary(value)) return isNot('an object')
      const missing = Object.keys(rule.keys).filter((key) => !Object.hasOwn(value, key))
      const known = Object.entries(value).filter(([key]) => Object.hasOwn(rule.keys, key))
      const unknown = rule.isOpen ? [] : Object.keys(value).filter((key) => !Object.hasOwn(rule.keys, key))
      return [
        ...missing.map((key) => `${path}.${key} is missing`),
        ...unknown.map((key) => `${path}.${key} is not in the schema`),
        ...known.flatMap(([key, each]) => conforms(each, rule.keys[key]!, `${path}.${key}`)),
      ]
    }
    case 'either':
      if (rule.rules.some((each) => conforms(value, each, path).length === 0)) return []
      return conforms(value, rule.rules.find((each) => each.kind !== 'null')!, path)
  }
}

function isDictionary(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const like = (pattern: RegExp): Rule => ({ kind: 'string', pattern })
const text: Rule = { kind: 'string' }
const integer: Rule = { kind: 'integer' }
const flag: Rule = { kind: 'boolean' }
const nullable = (rule: Rule): Rule => ({ kind: 'either', rules: [{ kind: 'null' }, rule] })
const list = (of: Rule): Rule => ({ kind: 'list', of })
const oneOf = (...words: string[]): Rule => ({ kind: 'string', oneOf: words })
/** These keys must be there; Heroku adds some that its schema does not name. */
const open = (keys: Record<string, Rule>): Rule => ({ kind: 'object', keys, isOpen: true })
/** These keys and no others. */
const only = (keys: Record<string, Rule>): Rule => ({ kind: 'object', keys, isOpen: false })

const uuid = like(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
const time = like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/)
const email = like(/^[^\s@]+@[^\s@]+$/)
const uri = like(/^[a-z][a-z0-9+.-]*:\/\/\S+$/)
const appName = like(/^[a-z][a-z0-9-]{1,28}[a-z0-9]$/)
const processType = /^[-\w]{1,128}$/
const times = { created_at: time, updated_at: time }

const named = only({ id: uuid, name: text })
const ofApp = only({ id: uuid, name: appName })
const ofUser = only({ id: uuid, email })

const configVars: Rule = { kind: 'map', key: /^\w+$/, of: text }

/** The rules of every resource that a manifold has. */
export const RULES = {
  account: open({
    id: uuid,
    email,
    name: nullable(text),
    ...{ allow_tracking: flag, beta: flag, verified: flag, federated: flag, two_factor_authentication: flag },
    ...{ last_login: nullable(time), suspended_at: nullable(time), delinquent_at: nullable(time) },
    sms_number: nullable(text),
    ...times,
  }),
  app: open({
    id: uuid,
    name: appName,
    ...{ acm: flag, maintenance: flag, internal_routing: nullable(flag) },
    ...{ archived_at: nullable(time), released_at: nullable(time) },
    buildpack_provided_description: nullable(text),
    ...{ build_stack: named, stack: named, region: named, owner: ofUser },
    ...{ organization: nullable(open({})), team: nullable(open({})), space: nullable(open({})) },
    git_url: uri,
    web_url: nullable(like(/^https?:\/\/[^\s/]+\/$/)),
    ...{ repo_size: nullable(integer), slug_size: nullable(integer) },
    ...times,
  }),
  dyno: open({
    id: uuid,
    name: like(/^[-\w]+\.\d+$/),
    attach_url: nullable(uri),
    command: text,
    release: only({ id: uuid, version: integer }),
    app: ofApp,
    size: text,
    state: oneOf('crashed', 'down', 'idle', 'starting', 'up'),
    type: like(processType),
    ...times,
  }),
  formation: open({
    id: uuid,
    app: ofApp,
    command: text,
    quantity: integer,
    size: text,
    type: like(processType),
    ...times,
  }),
  release: open({
    id: uuid,
    addon_plan_names: list(text),
    app: ofApp,
    current: flag,
    description: text,
    eligible_for_rollback: flag,
    output_stream_url: nullable(uri),
    slug: nullable(only({ id: uuid })),
    status: oneOf('expired', 'failed', 'pending', 'succeeded'),
    user: ofUser,
    version: integer,
    ...times,
  }),
  slug: open({
    id: uuid,
    blob: only({ method: text, url: uri }),
    buildpack_provided_description: nullable(text),
    checksum: nullable(like(/^SHA256:[0-9a-f]{64}$/)),
    ...{ commit: nullable(text), commit_description: nullable(text) },
    process_types: { kind: 'map', key: processType, of: text },
    size: nullable(integer),
    stack: named,
    ...times,
  }),
  configVars,
  logSession: open({ id: uuid, logplex_url: uri, ...times }),
  domain: open({
    id: uuid,
    app: ofApp,
    ...{ acm_status: nullable(text), acm_status_reason: nullable(text), cname: nullable(text) },
    hostname: like(/^\S+$/),
    kind: oneOf('heroku', 'custom'),
    status: text,
    ...times,
  }),
  addon: open({
    id: uuid,
    name: text,
    app: ofApp,
    addon_service: named,
    plan: named,
    config_vars: list(text),
    ...times,
  }),
  collaborator: open({ id: uuid, app: ofApp, user: open({ id: uuid, email, federated: flag }), ...times }),
  region: open({
    id: uuid,
    name: text,
    ...{ country: text, description: text, locale: text, private_capable: flag },
    provider: open({ name: text, region: text }),
    ...times,
  }),
  stack: open({ id: uuid, name: text, state: oneOf('beta', 'deprecated', 'public'), ...times }),
  rateLimit: open({ remaining: integer }),
  nothing: only({}),
  error: open({ id: like(/^[a-z_]+$/), message: like(/^\S.*$/s) }),
} as const satisfies Record<string, Rule>

/** A rule for a list of these. */
export const listOf = list
