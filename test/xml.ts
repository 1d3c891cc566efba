/** An element of XML, as far as reports have them. */
export type Element = { readonly name: string; readonly attributes: Readonly<Record<string, string>> }

/** Reads XML of elements and attributes and nothing else, all elements in order; throws where it is not well formed. */
export function elementsOf(xml: string): Element[] {
  const head = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(xml)
  if (!head) throw new Error('it does not begin as XML')
  const [open, elements]: [string[], Element[]] = [[], []]
  let rest = xml.slice(head[0].length)
  while (rest !== '') {
    const tag = /^<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>\s*/.exec(rest)
    if (!tag) throw new Error(`no tag: ${rest.slice(0, 80)}`)
    const [whole, closes, name, text, isEmpty] = tag as unknown as [string, string, string, string, string]
    if (open.length === 0 && elements.length > 0) throw new Error(`a second root: ${whole}`)
    if (closes && open.pop() !== name) throw new Error(`closes what is not open: ${whole}`)
    if (!closes) elements.push({ name, attributes: attributesOf(text) })
    if (!closes && !isEmpty) open.push(name)
    rest = rest.slice(whole.length)
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`)
  return elements
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, name, value]): [string, string] => [
    name!,
    plain(value!),
  ])
  if (new Set(pairs.map(([name]) => name)).size < pairs.length)
    throw new Error(`twice the same attribute: ${text}`)
  return Object.fromEntries(pairs)
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function plain(value: string): string {
  return value.replace(/&(\w*);?/g, (entity, name: string) => {
    if (!entity.endsWith(';') || !(name in ENTITIES)) throw new Error(`no entity: ${entity}`)
    return ENTITIES[name]!
  })
}
