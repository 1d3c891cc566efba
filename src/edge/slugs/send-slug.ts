import { create } from 'tar'

/** A slug's tree as Heroku keeps slugs: a gzipped tar, everything in it below `./app`. */
export async function* sendSlug(tree: string): AsyncIterable<Uint8Array> {
  let isLeft = false
  const options = { gzip: true, cwd: tree, prefix: './app', portable: true, filter: () => !isLeft }
  const packed = create(options, ['.'])
  packed.on('error', () => {}) // whoever reads is told; one that nobody listened to would end us
  try {
    yield* packed as unknown as AsyncIterable<Uint8Array>
  } finally {
    // A file is closed at its end only: those that are open are read up to there, and no more are opened.
    isLeft = true
    packed.resume()
  }
}
