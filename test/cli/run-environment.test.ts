import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { after, before, test } from 'node:test'
import { BIN, dyno, openSandbox, ROOT, type Sandbox } from '../harness.ts'

let sandbox: Sandbox
let shop: Sandbox
before(() => {
  shop = openSandbox('widgets')
  sandbox = openSandbox({
    Procfile: 'web: echo\n',
    '.env': 'T_E=fromenv\nBOTH=config\nHOME=/nowhere\nPORT=1\nDYNO=web.7\n',
    '.profile.d/1.sh': 'export FIRST="$T_E"; export ORDER=1\n',
    '.profile.d/2.sh': 'export ORDER="$ORDER 2"; export BOTH="profile after $BOTH"\n',
  })
})
after(async () => {
  await sandbox.close()
  await shop.close()
})

test('.profile.d scripts run in the order of their names, after the config vars are set', async () => {
  const ran = await dyno(sandbox, ['run', 'echo "$FIRST|$ORDER|$BOTH"'])
  assert.equal(ran.stdout, 'fromenv|1 2|profile after config\n')
  const greeting = await dyno(shop, ['run', 'echo $WIDGETS_GREETING'])
  assert.equal(greeting.stdout, 'Hello from the widget factory\n')
})

test("a dyno has Heroku's environment, and of the caller's shell only PATH, LANG, LC_* and TZ", async () => {
  const own = `${dirname(dirname(BIN))}/node_modules/.bin`
  const env = {
    ...{ PATH: `${own}:${process.env['PATH']}` },
    ...{
      SECRET: '1',
      npm_config_x: '1',
      NODE_OPTIONS: '--no-warnings',
      NODE_EXTRA_CA_CERTS: '/etc/hostname',
    },
    ...{
      LANG: 'C.UTF-8',
      LC_TIME: 'C',
      TZ: 'Asia/Tokyo',
      TERM: 'xterm',
      COLUMNS: '80',
      BASH_ENV: '/etc/hostname',
    },
  }
  const ran = await dyno(sandbox, ['run', 'env'], { env })
  const found = new Map(
    ran.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s) as [string, string]),
  )
  const given = Object.keys(process.env).filter((name) => /^(LC_\w+|LANG|TZ)$/.test(name))
  const profile = ['FIRST', 'ORDER', 'BOTH', 'T_E']
  const known = [
    'DYNO',
    'HOME',
    'LANG',
    'LC_TIME',
    'PATH',
    'PORT',
    'PS',
    'PWD',
    'SHLVL',
    'TZ',
    '_',
    ...profile,
  ]
  assert.deepEqual(
    [...found.keys()].filter((name) => ![...known, ...given].includes(name)),
    [],
  )
  assert.equal(found.get('DYNO'), /run\.\d+/.exec(ran.stderr)![0])
  assert.equal(found.get('HOME'), '/app')
  assert.equal(found.get('PWD'), '/app')
  assert.match(found.get('PORT')!, /^\d{5}$/)
  assert.equal(found.get('TZ'), 'Asia/Tokyo')
  assert.equal(found.get('LC_TIME'), 'C')
  // The single binary brings no folder of programs along.
  if (BIN === `${ROOT}/bin/dyno`) assert.ok(!found.get('PATH')!.split(':').includes(own))
})

test('--inherit-env passes the whole shell on, with nothing of ours in it', async () => {
  const env = { SECRET: 'two words', npm_config_x: '1', NODE_OPTIONS: '--no-warnings' }
  const line = 'echo "$SECRET|$NODE_OPTIONS|$npm_config_x|$T_E|$HOME"; env | grep -c DYNO_'
  const ran = await dyno(sandbox, ['run', '--inherit-env', line], { env })
  assert.equal(ran.stdout, 'two words|--no-warnings||fromenv|/app\n0\n')
})

test('COLUMNS and LINES are there where they are asked for', async () => {
  const ran = await dyno(sandbox, ['run', '-e', 'COLUMNS=200;LINES=7', 'printenv COLUMNS LINES'])
  assert.equal(ran.stdout, '200\n7\n')
})
