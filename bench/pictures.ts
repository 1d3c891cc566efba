/** Makes the README's pictures of the dashboard, of the demo app as it really runs, at three sizes: node bench/pictures.ts */
import { setTimeout as sleep } from 'node:timers/promises'
import { lookAt } from '../test/emulator.ts'
import { dyno, openSandbox } from '../test/harness.ts'

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 40, rows: 10 },
]

/** Requests that make the router's line a line, and the one that makes web.1 crash. */
const REQUESTS = 60

const sandbox = openSandbox('widgets')
const port = sandbox.env['PORT']!
try {
  await dyno(sandbox, ['start', '--detach', 'web=2', 'worker', 'clock'])
  await dyno(sandbox, ['ps:wait'])
  const seen = SIZES.map((size) => ({ size, ...lookAt(sandbox, ['ui', '--theme', 'mono'], size) }))
  for (const { screen } of seen) await screen.shows(/4 of 4 up/)
  for (let i = 0; i < REQUESTS; i++) {
    await fetch(`http://localhost:${port}/`).then((answer) => answer.text())
    await sleep(100)
  }
  await fetch(`http://localhost:${port}/crash`).catch(() => {}) // which is the answer
  for (const { screen } of seen) await screen.shows(/up +[2-9]s(?! +\d+s)|State changed from start/)
  await sleep(2000)
  for (const { size, screen, person } of seen) {
    const rows = await screen.rows()
    process.stdout.write(
      `${size.columns}×${size.rows}:\n\n${rows.map((row) => `    ${row}`.trimEnd()).join('\n')}\n\n`,
    )
    person.type('q')
    await person.status
  }
  await dyno(sandbox, ['down'])
} finally {
  await sandbox.close()
}
