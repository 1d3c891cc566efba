/** A bar for work that may take long; it shows itself only on a terminal, and only once it does take long. */
export type Progress = {
  report(step: 'packing' | 'unpacking', done: number, total: number): void
  end(): void
}

/** Work this short needs no bar, in milliseconds. */
const PATIENCE = 400
const WIDTH = 30

const TITLES = { packing: 'Packing the app', unpacking: 'Unpacking the slug' }

export function openProgress(): Progress {
  const { stderr } = process
  const began = Date.now()
  let drawn = ''
  const draw = (text: string) => {
    if (text === drawn) return
    drawn = text
    stderr.write(`\r\x1b[K${text}`)
  }
  return {
    report(step, done, total) {
      if (!stderr.isTTY || Date.now() - began < PATIENCE) return
      const share = total > 0 ? Math.min(1, done / total) : 0
      const full = Math.round(share * WIDTH)
      const megabytes = (done / 1e6).toFixed(1)
      draw(
        `${TITLES[step]} [${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${Math.floor(share * 100)}% ${megabytes} MB`,
      )
    },
    end: () => draw(''),
  }
}
