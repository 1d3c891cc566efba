/** The app a manifold is for; `key` tells apps apart that have the same name. */
export type App = { readonly id: string; readonly name: string; readonly root: string; readonly key: string }

/** A name the Platform API can carry, made of the app folder's: `My App` → `my-app`. */
export function appName(root: string): string {
  const base = root.slice(root.lastIndexOf('/') + 1).toLowerCase()
  return (
    base
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+/, '')
      .slice(0, 30)
      .replace(/-+$/, '') || 'app'
  )
}

/** What tells this app folder's manifold from all others: 16 hexadecimal digits (FNV-1a of the path). */
export function appKey(root: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(root)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn
  }
  return hash.toString(16).padStart(16, '0')
}

/** The app in this folder, as the Platform API knows it; its id is a UUID made of the key. */
export function appAt(root: string): App {
  return { id: uuidOf(root), name: appName(root), root, key: appKey(root) }
}

/** The UUID that belongs to a text: the same for the same text, another for another. */
export function uuidOf(text: string): string {
  const key = appKey(text)
  const rest = appKey(`${text}/id`).slice(4)
  return `${idStart(key)}8${rest.slice(0, 3)}-${rest}`.slice(0, 36)
}

/** Whether an app of this key has this id, as far as can be said without its folder. */
export function isIdOfKey(id: string, key: string): boolean {
  return id.length === 36 && id.startsWith(idStart(key))
}

function idStart(key: string): string {
  return `${key.slice(0, 8)}-${key.slice(8, 12)}-4${key.slice(13)}-`
}
