/** One entry of a slug as lists of them are compared. */
export type ListedEntry = {
  readonly path: string
  readonly kind: 'file' | 'folder' | 'symlink' | 'hardlink'
  readonly mode: number
  /** Bytes of a file. */
  readonly size: number
  /** The SHA-256 of a file's content, or where a link leads. */
  readonly content: string
}

/** How two slugs differ. */
export type SlugDifference = {
  readonly added: readonly ListedEntry[]
  readonly removed: readonly ListedEntry[]
  readonly changed: readonly (readonly [before: ListedEntry, after: ListedEntry])[]
}

/** What the second slug has, lacks and has otherwise than the first, each by path. */
export function slugDifference(
  before: readonly ListedEntry[],
  after: readonly ListedEntry[],
): SlugDifference {
  const [old, fresh] = [byPath(before), byPath(after)]
  const shared = [...old.values()].flatMap((entry) => {
    const other = fresh.get(entry.path)
    return other && !isSame(entry, other) ? [[entry, other] as const] : []
  })
  return {
    added: [...fresh.values()].filter(({ path }) => !old.has(path)),
    removed: [...old.values()].filter(({ path }) => !fresh.has(path)),
    changed: shared,
  }
}

/** The difference in lines: `+ added`, `- removed`, `~ changed`, by path, and a last one that counts them. */
export function differenceText({ added, removed, changed }: SlugDifference): string[] {
  const lines = [
    ...added.map((entry) => [entry.path, `+ ${named(entry)}`] as const),
    ...removed.map((entry) => [entry.path, `- ${named(entry)}`] as const),
    ...changed.map(([from, to]) => [from.path, `~ ${named(from, to)}`] as const),
  ]
  const sorted = lines.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
  return [...sorted, `${added.length} added, ${removed.length} removed, ${changed.length} changed`]
}

/** Bytes as people read them: `640 B`, `12.3 kB`, `115.2 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function named(entry: ListedEntry, after = entry): string {
  const name = entry.kind === 'folder' ? `${entry.path}/` : entry.path
  const facts = [
    entry.kind !== after.kind && `${entry.kind} → ${after.kind}`,
    entry.mode !== after.mode && `${octal(entry.mode)} → ${octal(after.mode)}`,
    entry.kind === 'file' && [...new Set([sizeText(entry.size), sizeText(after.size)])].join(' → '),
  ].filter(Boolean)
  return facts.length > 0 ? `${name} (${facts.join(', ')})` : name
}

const octal = (mode: number): string => mode.toString(8)

function isSame(one: ListedEntry, other: ListedEntry): boolean {
  return one.kind === other.kind && one.mode === other.mode && one.content === other.content
}

function byPath(entries: readonly ListedEntry[]): ReadonlyMap<string, ListedEntry> {
  return new Map(entries.map((entry) => [entry.path, entry]))
}
