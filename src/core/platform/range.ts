/** A part of a list, and where it lies. */
export type Page = {
  readonly items: readonly unknown[]
  /** `version 1..7`; undefined for an empty page. */
  readonly contentRange: string | undefined
  /** The `Range` header that asks for what follows; undefined where nothing does. */
  readonly nextRange: string | undefined
}

/** No header that means something is longer, in characters. */
const LONGEST = 1000

/** As many as Heroku gives to who does not say how many, and the most it gives at all. */
const [USUAL, MOST] = [200, 1000]

type Wanted = {
  readonly property: string
  readonly from: string
  /** Whether `from` itself is left out. */
  readonly after: boolean
  readonly to: string
  readonly max: number
  readonly descends: boolean
}

/**
 * The part of a list that a header such as `version ]5..10; max=3, order=desc` asks for, sorted by that property; the
 * first of `properties` where none is named. Undefined for a header that says nothing that can be done.
 */
export function pageOf(
  list: readonly unknown[],
  header: string,
  properties: readonly string[],
): Page | undefined {
  const wanted = header.trim() === '' ? everything(properties[0]!) : rangeOf(header)
  if (!wanted || !properties.includes(wanted.property)) return undefined
  const { property, from, after, to, max, descends } = wanted
  const keyOf = (item: unknown) => (item as Readonly<Record<string, string | number>>)[property]!
  const isCounted = list.some((item) => typeof keyOf(item) === 'number')
  if (isCounted && !/^\d*$/.test(from + to)) return undefined
  const way = descends ? -1 : 1
  const inside = list
    .filter((item) => {
      const [atStart, atEnd] = [compare(keyOf(item), from) * way, compare(keyOf(item), to) * way]
      return (from === '' || atStart > 0 || (atStart === 0 && !after)) && (to === '' || atEnd <= 0)
    })
    .sort((a, b) => compare(keyOf(a), keyOf(b)) * way)
  // The next page begins after a key: all items that have it are on this one.
  const end = inside.findIndex((item, i) => i >= max && keyOf(item) !== keyOf(inside[i - 1]))
  const items = end === -1 ? inside : inside.slice(0, end)
  if (items.length === 0) return { items, contentRange: undefined, nextRange: undefined }
  const [first, last] = [keyOf(items[0]), keyOf(items.at(-1))]
  const options = `max=${max}${descends ? ', order=desc' : ''}`
  return {
    items,
    contentRange: `${property} ${first}..${last}`,
    nextRange: inside.length > items.length ? `${property} ]${last}..${to}; ${options}` : undefined,
  }
}

function everything(property: string): Wanted {
  return { property, from: '', after: false, to: '', max: USUAL, descends: false }
}

function rangeOf(header: string): Wanted | undefined {
  if (header.length > LONGEST) return undefined
  // Each run of spaces is one: the more there are, the more ways there are to read them.
  const [bounds = '', ...options] = header.replaceAll(/\s+/g, ' ').split(';')
  const parts = /^\s*(\w+)\s*(\])?\s*([^\s.]*(?:\.(?!\.)[^\s.]+)*)\s*\.\.\s*(\S*)\s*$/.exec(bounds)
  if (!parts) return undefined
  const said = new Map(
    options
      .flatMap((some) => some.split(','))
      .map((option): [string, string] => {
        const [name = '', value = ''] = option.split('=', 2)
        return [name.trim(), value.trim()]
      }),
  )
  const max = said.get('max') ?? String(USUAL)
  const order = said.get('order') ?? 'asc'
  if (!/^[1-9]\d{0,8}$/.test(max) || !/^(?:asc|desc)$/.test(order)) return undefined
  const [, property, open, from, to] = parts
  return {
    ...{ property: property!, from: from!, after: open !== undefined, to: to! },
    max: Math.min(Number(max), MOST),
    descends: order === 'desc',
  }
}

// Versions are numbers, all else is text; what stands in the header is text always.
function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number') return a - Number(b)
  return a < String(b) ? -1 : a > String(b) ? 1 : 0
}
