import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { dyno, ended, nobodySleeps, openSandbox, reads, sleepers, startDyno, until } from '../harness.ts'

const FILES = {
  Procfile: 'worker: . ./work; exec sleep 98850\n',
  work: 'echo "in $PWD, home $HOME"; echo mine > "made-by-$DYNO"; cat note\n',
  note: 'first\n',
}

for (const walls of ['full', 'folder'] as const) {
  for (const ordinary of [false, true]) {
    const who = ordinary ? 'an ordinary user' : 'whoever we are'
    test(`start --live runs on the app folder itself, ${walls} walls, as ${who}, and one-offs on copies`, async () => {
      const sandbox = openSandbox(FILES, { ordinary })
      const client = startDyno(sandbox, ['start', '--live', `--walls=${walls}`])
      const shown = await reads(client, 'worker.1]: first')
      const home = walls === 'full' ? '/app' : sandbox.app
      assert.ok(shown.includes(`app[worker.1]: in ${home}, home ${home}`), shown)
      assert.equal(readFileSync(`${sandbox.app}/made-by-worker.1`, 'utf8'), 'mine\n')

      writeFileSync(`${sandbox.app}/note`, 'second\n')
      const again = reads(client, 'worker.1]: second')
      const restarted = await dyno(sandbox, ['ps:restart', 'worker.1'])
      assert.deepEqual([restarted.stderr, restarted.status], ['', 0])
      await again

      const ran = await dyno(sandbox, ['run', `--walls=${walls}`, 'rm note made-by-worker.1; ls'])
      assert.deepEqual([ran.stdout, ran.status], ['Procfile\nwork\n', 0], ran.stderr)
      assert.ok(existsSync(`${sandbox.app}/note`) && existsSync(`${sandbox.app}/made-by-worker.1`))

      client.kill('SIGINT')
      assert.deepEqual(await ended(client), [130, null])
      await nobodySleeps(98850)
      await sandbox.close()
    })
  }
}

const isRoot = process.geteuid?.() === 0
test("a live dyno on root's own folder can change no setting of the kernel", { skip: !isRoot }, async (t) => {
  const writable =
    'find /proc/sys /proc/sysrq-trigger /proc/irq /proc/bus -type f -writable 2>/dev/null | wc -l'
  const worker = `worker: id -u; echo "$(${writable}) writable"; touch made; exec sleep 98854\n`
  const sandbox = openSandbox({ Procfile: worker })
  t.after(() => sandbox.close())
  const client = startDyno(sandbox, ['start', '--live', '--walls=full'])
  const shown = await reads(client, / writable\n/)
  assert.match(shown, /worker\.1\]: 0\n.*worker\.1\]: 0 writable\n/)
  client.kill('SIGINT')
  await ended(client)
  assert.ok(existsSync(`${sandbox.app}/made`))
})

test('a live dyno whose manifold is killed ends, and what else works in the app folder does not', async () => {
  for (const walls of ['full', 'folder']) {
    const sandbox = openSandbox({ Procfile: 'worker: setsid sleep 98851 & exec sleep 98852\n' })
    const neighbour = startDyno({ ...sandbox, prefix: ['sh', '-c', 'exec sleep 98853', '--'] }, [])
    assert.equal((await dyno(sandbox, ['start', '--live', '--detach', `--walls=${walls}`])).status, 0)
    await until(
      () => sleepers(98851).length + sleepers(98852).length === 2,
      () => 'it does not sleep',
    )
    const refused = await dyno(sandbox, ['start'])
    process.kill(Number(/pid (\d+)/.exec(refused.stderr)![1]), 'SIGKILL')
    await until(
      () => sleepers(98851).length + sleepers(98852).length === 0,
      () => 'it sleeps on',
    )
    assert.equal(sleepers(98853).length, 1)
    neighbour.kill('SIGKILL')
    await dyno(sandbox, ['run', 'true']) // the next manifold clears what the killed one left
    await sandbox.close()
  }
})
