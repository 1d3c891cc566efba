import { create } from 'tar'

/** A slug's tree as Heroku keeps slugs: a gzipped tar, everything in it below `./app`. */
export function sendSlug(tree: string): AsyncIterable<Uint8Array> {
  const packed = create({ gzip: true, cwd: tree, prefix: './app', portable: true }, ['.'])
  return packed as unknown as AsyncIterable<Uint8Array>
}
