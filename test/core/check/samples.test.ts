import test from 'node:test'
import { assertFound, type ExpectedFinding } from './finding-rows.ts'

// Traits of Procfiles that people really have, each in a small file of our own, and all that is found in it.

type Row = readonly [says: string, text: string, found: readonly ExpectedFinding[]]

const $ = (inside: string) => `\u0024{${inside}}`
const PEERS = 'http://127.0.0.1:2380'.replace(/.*/, 'n1=$&,n2=$&,n3=$&')

const PROCFILES: readonly Row[] = [
  [
    'web, worker and release of a Django app',
    'release: python manage.py migrate\nweb: gunicorn shop.wsgi --log-file -\nworker: celery -A shop worker -B --loglevel=info -c 2',
    [],
  ],
  [
    'puma and sidekiq with files of settings',
    'web: bundle exec puma -C config/puma.rb\nworker: bundle exec sidekiq -C config/sidekiq.yml',
    [],
  ],
  [
    'no web, but types to be called by name',
    'console: irb\nrake: bundle exec rake\nworker: node bot.js\n',
    [],
  ],
  ['release alone', 'release: touch /app/released\n', []],
  [
    'banners, apostrophes and types that are commented out',
    "####\n## it's: one\n#web: old\nweb: node web.js # inline, it's fine\n",
    [],
  ],
  [
    'blanks and tabs that line up commands',
    'web:\t\tunicorn_rails -p $network_port -c ./config/unicorn.rb\nclock:   \trake clock\n',
    [],
  ],
  [
    'a class path with a star and a colon',
    'web:    java -cp target/classes:target/dependency/* com.example.Main\n',
    [],
  ],
  ['a program of Windows', `web: target\\stage\\bin\\shop.bat -Dhttp.port=${$('PORT')}\n`, []],
  [
    'variables before commands',
    "release: REDIS_URL='redis://' python manage.py migrate\nworker: QUEUE=* rake work\nx: env A=b rake c\n",
    [],
  ],
  [
    'a list that changes the folder',
    'a: cd client && HOT_PORT=3500 npm run hot\nb: sleep 5 &&  RAILS_ENV=x bin/y\nc: unset PORT && bin/rails server\n',
    [],
  ],
  [
    'both kinds of quotes, nested and escaped',
    `web: echo 'the "web"' && echo "\\"PORT\\" is '${$('PORT')}'"\n`,
    [],
  ],
  [
    'a default of a port, and a pair of numbers',
    `web: bundle exec puma -t 5:5 -p ${$('PORT:-3000')} -e ${$('RACK_ENV:-development')}\n`,
    [],
  ],
  [
    'an address in quotes with a default',
    `web: rm -f tmp/x.pid; A=1 bin/rails server -b "${$('WEB_BIND:-127.0.0.1')}"\n`,
    [],
  ],
  ['a port that is glued to a colon', 'web: shop -listen :$PORT\n', []],
  ['what runs in the background beside a server', 'web: make & python -m SimpleHTTPServer $PORT\n', []],
  ['a pipe into a command', 'release: yes "yes" | python manage.py migrate\n', []],
  ['a dyno name and percent signs', 'worker: REMAP=SIGQUIT celery --hostname=$DYNO@%h -Ofair\n', []],
  [
    'long lines with addresses of a cluster',
    `etcd1: etcd --name n1 --initial-cluster '${PEERS}' --initial-cluster-token my-cluster-1\n`,
    [],
  ],
  [
    'a port of a type that is not web',
    'web: PORT=$PORT x\nstream: PORT=4000 yarn start\ngpfdist: ./gpfdist -p 8000\nback: ./server :9999\n',
    [],
  ],
  ['a daemon by habit, of which its settings tell more', 'nginx: /usr/local/sbin/nginx\n', []],
  ['a trailing blank and no last line end', 'web: pip install -r r.txt && python main.py ', []],
  [
    'a port that is always the same',
    'web: bin/rails s -p 3000 -b 0.0.0.0\n',
    [[1, 'warning hard-coded-port']],
  ],
  [
    'a port in the address of a server',
    'web: python manage.py runserver 0.0.0.0:5000\n',
    [[1, 'warning hard-coded-port']],
  ],
  [
    'a port set before the server of web',
    'web: PORT=3000 bundle exec puma\n',
    [[1, 'warning hard-coded-port']],
  ],
  ['names with a dash', 'another-web: http\nworker-2: node w.js\n', [[1, 'note dash-in-name']]],
  ['names with an underscore', 'solr_test: rake solr\n', [[1, 'note name-changed-by-fir']]],
  ['CRLF', 'web: echo $PORT\r\nw: x\r\n', [[1, 'note carriage-returns']]],
  ['a byte-order mark', '\uFEFFweb: echo x\n', [[1, 'warning byte-order-mark']]],
  ['nothing in it', '', [[1, 'warning no-process-types']]],
  [
    'blanks before a name and behind a command',
    '# c\n   web: echo foo: bar   \n',
    [[2, 'warning blank-before-name']],
  ],
  ['blanks before a colon', 'web   : node web.js\n2custom: echo -n\n', [[1, 'error blank-before-colon']]],
  [
    'no colons at all',
    'ticker ./ticker $PORT\nerror  ./error',
    [
      [1, 'error no-colon'],
      [2, 'error no-colon'],
    ],
  ],
  ['comments of another language', '// ignore this\nweb: x // y\n', [[1, 'error no-colon']]],
  ['a type called run', 'web: node a.js\nrun: touch b\n', [[2, 'error reserved-name']]],
  [
    'code among the types, and types that are there twice',
    'web: node a.js\n.listen(process.env.PORT || 5000)\nweb: gunicorn -b 0.0.0.0:8000 a\npython manage.py runserver --settings=a.b:c\nweb: node c.js\n',
    [
      [2, 'error no-colon'],
      [3, 'warning duplicate-type'],
      [3, 'warning hard-coded-port'],
      [4, 'error no-colon'],
      [5, 'warning duplicate-type'],
    ],
  ],
  [
    'a merge conflict',
    'web: a\n<<<<<<< HEAD\nworker: b\n========\nworker: c\n>>>>>>> 5bb7ec3\n',
    [
      [2, 'error merge-conflict'],
      [4, 'error merge-conflict'],
      [5, 'warning duplicate-type'],
      [6, 'error merge-conflict'],
    ],
  ],
]

for (const [says, text, found] of PROCFILES) {
  test(`the findings in a Procfile with ${says} are these and no others`, () =>
    assertFound('procfile', text, found))
}
