import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { after, suite, test } from 'node:test'
import { isAlive, openPlace, SOME_FULL_WALLS } from './walled.ts'

/** What a namespace of the dyno's own has under /proc/sys; nothing else there may be writable. */
const OWN_SETTINGS = /^(fs\/mqueue\/\w+|kernel\/(auto_msgmni|msg\w+|sem\w*|shm\w+|ns_last_pid|pid_max))$/

/** Where a dyno has writable places of its own. */
const OWN_PLACES =
  /^\/(app|tmp|var\/tmp|dev\/(shm|pts|full|null|random|tty|urandom|zero|fd|std\w+|ptmx|console))$/

for (const { user, way, by } of SOME_FULL_WALLS) {
  suite(`a dyno within full walls ${by}`, () => {
    const place = openPlace(user, way)
    after(() => place.close())

    test('sees its own processes only', async () => {
      const { stdout } = await place.run('ps -eo comm=; ls -d /proc/[0-9]* | wc -l')
      assert.match(stdout, /^sh\nbash\nps\n[345]\n$/)
    })

    test('cannot signal a process of the host', async () => {
      const sleeper = spawn('sleep', ['1000'], user === 'nobody' ? { uid: 65534, gid: 65534 } : {})
      try {
        const { stderr, status } = await place.run(`kill -KILL ${sleeper.pid}`)
        assert.equal(status, 1)
        assert.match(stderr, /No such process/)
        assert.ok(isAlive(sleeper.pid!))
      } finally {
        sleeper.kill('SIGKILL')
      }
    })

    test('cannot reach our own process in it, nor what that one has open', async () => {
      const tries = 'kill -KILL 1; kill -STOP 1; cat /proc/1/environ; ls /proc/1/root/; cat /proc/1/fd/3'
      const enter = 'nsenter -t 1 -m true; nsenter -t 1 -U true; nsenter -t 1 -p true'
      const { stdout } = await place.run(`(${tries}; ${enter} && echo entered) 2>/dev/null; cat Procfile`)
      assert.equal(stdout, 'web: true\n')
    })

    test('cannot write to any mount of the host, nor to the root folder', async () => {
      const points = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').slice(0, -1)
      const folders = [
        '/',
        '/dev',
        '/etc',
        '/usr',
        '/usr/bin',
        '/sys',
        '/proc',
        '/proc/sys',
        place.tree,
        place.folder,
      ]
      const hosts = points.map((line) => line.split(' ')[4]!).filter((path) => !OWN_PLACES.test(path))
      const line = 'for f in "$@"; do touch "$f/made" 2>/dev/null && echo "$f"; done; true'
      const words = [...new Set([...folders, ...hosts])].map((path) => `'${path}'`).join(' ')
      const { stdout, status } = await place.run(`set -- ${words}; ${line}`)
      assert.deepEqual({ stdout, status }, { stdout: '', status: 0 })
      assert.ok(hosts.length > 3)
    })

    test('finds nothing writable but what is its own', async () => {
      const line =
        'find / /dev /sys -xdev -maxdepth 3 -not -path "/proc/*" -writable -not -type l 2>/dev/null'
      const { stdout } = await place.run(`${line}; find /dev/ /run /etc -type b 2>/dev/null`)
      const found = [...new Set(stdout.split('\n').slice(0, -1))]
      assert.deepEqual(
        found.filter((path) => !OWN_PLACES.test(path)),
        [],
      )
      assert.ok(found.includes('/tmp'))
    })

    test('cannot change the kernel: only permissions are asked for, nothing is written', async () => {
      const line = 'for f in sysrq-trigger kcore kmsg irq sys/kernel/core_pattern sys/kernel/modprobe; do'
      const { stdout } = await place.run(
        `${line} [ -w /proc/$f ] && echo $f; done; cd /proc/sys; find . -type f -writable`,
      )
      const found = stdout
        .split('\n')
        .slice(0, -1)
        .map((path) => path.replace('./', ''))
      assert.deepEqual(
        found.filter((path) => !OWN_SETTINGS.test(path)),
        [],
      )
    })

    test('has no disk, no memory and no kernel log among its devices', async () => {
      const { stdout } = await place.run('ls /dev')
      const names = 'console fd full null ptmx pts random shm stderr stdin stdout tty urandom zero'
      assert.equal(stdout, `${names.replaceAll(' ', '\n')}\n`)
      const made = await place.run(
        'mknod /tmp/disk b 254 0 || mknod /app/disk b 254 0 || mknod /dev/shm/disk b 254 0',
      )
      assert.equal(made.status, 1)
    })

    test('does not see the runtime folder of the manifold', async () => {
      writeFileSync(`${place.runtime}/secret`, 'secret')
      const { stdout } = await place.run(
        `ls -A '${place.runtime}' /run/user 2>/dev/null; cat '${place.runtime}/secret'`,
      )
      assert.doesNotMatch(stdout, /secret|\bm\b/)
    })

    test('gains nothing by programs that are set-uid', async () => {
      const copy = 'cp /usr/bin/id /app/id; chmod 6755 /app/id; /app/id -u'
      const { stdout } = await place.run(
        `echo | su root -c 'id -u' 2>/dev/null; ${copy}; cp /usr/bin/id /tmp; chmod 4755 /tmp/id; /tmp/id -u`,
      )
      assert.equal(stdout, '43232\n43232\n')
    })

    test('is root of nothing in namespaces of its own', async () => {
      const tries = [
        'mount -o remount,rw,bind /usr',
        'mount -o remount,rw,bind /',
        'mount -o remount,rw /sys',
        `umount -l '${place.runtime}'`,
        'umount -l /etc/passwd',
        'umount -l /dev/null',
        'mount --bind /proc/1/root /mnt',
        'mknod /tmp/disk b 254 0',
        'touch /usr/made',
        'chroot /proc/1/root true',
        'hostname other',
        'date -s 2000-01-01 >/dev/null',
      ]
      const attack = tries.map((line) => `${line} 2>/dev/null && echo "did: ${line}"`).join('\n')
      writeFileSync(`${place.folder}/attack`, `${attack}\nid -u\n`)
      const { stdout } = await place.run(
        `unshare -Urm sh '${place.folder}/attack'; unshare -Umpirf sh '${place.folder}/attack'`,
      )
      assert.match(stdout, /^(0\n)*$/)
    })

    test('keeps the standard devices as they are', async () => {
      await place.run(
        'rm -f /dev/null /dev/fd /dev/stdout; mv /dev/zero /dev/null; chmod 000 /dev/null; ln -s x /dev/y',
      )
      const { stdout } = await place.run('ls /dev | wc -l; stat -c %A,%t,%T /dev/null')
      assert.equal(stdout, '14\ncrw-rw-rw-,1,3\n')
    })

    test('reads in the home of root what everybody may read, and nothing else', async (t) => {
      if (user !== 'root') return t.skip('the dyno of an ordinary user is that user')
      const home = homedir()
      const { stdout } = await place.run(`cd ${home}; for f in * .[!.]*; do [ -r "$f" ] && echo "$f"; done`)
      const isOpen = (name: string) => {
        const stat = statSync(`${home}/${name}`)
        return stat.isDirectory() && (stat.mode & 0o004) !== 0
      }
      const readable = readdirSync(home).filter(isOpen)
      if ((statSync(home).mode & 0o001) !== 0) return t.skip(`${home} is open to everybody`)
      assert.deepEqual(stdout.split('\n').slice(0, -1).sort(), readable.sort())
    })

    test('runs the runtimes below the home of root', async (t) => {
      const versions = `${homedir()}/.pyenv/versions`
      const found = existsSync(versions) ? readdirSync(versions) : []
      const python = found.map((name) => `${versions}/${name}/bin/python3`).find((path) => existsSync(path))
      if (user !== 'root') return t.skip('the home of root is closed to anybody else')
      if (python === undefined) return t.skip('no Python of pyenv here')
      const { stdout } = await place.run(`${python} -c 'import os, json; print(json.dumps(os.getcwd()))'`)
      assert.equal(stdout, '"/app"\n')
    })
  })
}
