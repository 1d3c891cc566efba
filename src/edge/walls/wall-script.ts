import type { Environment } from '../../core/environment.ts'

/** Signals a terminal sends to its foreground: our own processes there must outlive them. */
export const TERMINAL_SIGNALS = 'HUP,INT,QUIT,TERM,TSTP,TTIN,TTOU'

const SIGNALS = TERMINAL_SIGNALS.replaceAll(',', ' ')

/**
 * What runs as process 1 of a dyno: builds its walls and, beside them, starts what waits for them, reaps, and leaves
 * with the status of that. When it ends, the kernel ends everything else in the dyno. Status 125: no walls.
 *
 * Arguments: the manifold's folder, the wall's name, the file that says go, the owner of the dyno's files (empty:
 * whoever we are), extra overlay options (or `live`: there is no overlay), the manifold's process, and the words that
 * become the dyno's user and run enterScript. It is POSIX sh, and each program it runs costs up to 3 ms, so there are few, and only one after the
 * word to go: which slug. For a wall that is used at once that is a file, for a spare a FIFO, and the read waits.
 *
 * A manifold killed before setpriv had tied us to its life is found out by our parent's parent being another; this
 * is still the host's /proc. Our own standard error is closed, for a shell says there what killed its child, and to
 * the user that is the command's business. What waits hears signals from the first moment, so none to a dyno that is
 * still entering is lost or hits a program of ours. It is only started on this side of pivot_root: a program from
 * the old root would keep a way there open. The kernel moves every process to the new root that there is at that
 * moment, and misses one that is just being forked: so what waits says that it is there before the root is changed,
 * and looks whether it still sees our folder, which no dyno does. (It says so with a file; a full disk ends it.)
 */
export const WALL_SCRIPT = wallScript({
  takes: 'shift 6',
  mounts: 'mount --all --fstab "$wall.mounts"',
  ends: 'exit $?',
})

/**
 * The same for a dyno that is watched: where programs are wont to write, and in the root folder, layers of memory go
 * over the host's folders. When its first process has ended, what is still there a moment later and all that is in
 * the layers is noted in the file that is the seventh argument. A layer that the kernel refuses is noted as well.
 */
export const WATCHED_SCRIPT = wallScript({
  takes: 'notes=$7; shift 7',
  begins: `
exec 8>>"$notes"
mount -t tmpfs -o mode=755,nosuid,nodev,size=25% dyno "$folder/writes"
cp -a "$folder/layers/." "$folder/writes"
cd "$folder/writes"`,
  mounts: `xattr=; if [ "$options" = ,userxattr ]; then xattr=,userxattr; fi
  layer() {
    over="nosuid,nodev,lowerdir=skeleton$1,upperdir=writes/up/$2,workdir=writes/work/$2$xattr"
    if mount -t overlay -o "$over" dyno "skeleton$1" 2>/dev/null; then return 0; fi
    printf 'unseen %s\\0' "\${1:-/}" >&8
    return 1
  }
  if ! layer '' 0; then mount --bind skeleton skeleton; mount -o remount,bind,ro,nosuid skeleton; fi
  mount --all --fstab "$wall.shown"
  n=0
  while read -r at; do n=$((n + 1)); layer "$at" $n || :; done <watched
  mount --all --fstab "$wall.mounts"`,
  enters: ' 8>&-\n  cd /',
  ends: `status=$?
printf 'ended\\0' >&8
look() {
  for p in /proc/[0-9]*; do
    name='' state=Z
    if [ "$p" != /proc/1 ]; then
      while read -r key word; do
        case $key in Name:) name=$word ;; State:) state=$word; break ;; esac
      done <"$p/status"
    fi
    case $state in [ZX]*) ;; *) $1 "$name" ;; esac
  done
}
seen() { any=1; }
note() { printf 'left %s\\0' "$1" >&8; }
for n in 1 2 3 4 5 6; do
  any=
  look seen
  if [ -z "$any" ]; then break; fi
  sleep 0.2
done
if [ -n "$any" ]; then look note; fi
find up -mindepth 2 -print0 >&8 && printf 'end\\0' >&8
exit $status`,
})

/** What differs between walls; each is a piece of sh. */
type WallParts = {
  readonly takes: string
  /** Before there is anybody else. */
  readonly begins?: string
  readonly mounts: string
  /** What else the dyno does not get of ours. */
  readonly enters?: string
  /** When the dyno's first process has ended. */
  readonly ends: string
}

function wallScript({ takes, begins = '', mounts, enters = '', ends }: WallParts): string {
  return `set -e
folder=$1 wall=$2 go=$3 owner=$4 options=$5 manifold=$6
${takes}
trap 'exit 125' EXIT
trap '' ${SIGNALS}
read -r _ _ _ up _ </proc/self/stat
read -r _ _ _ up _ <"/proc/$up/stat"
[ "$up" = "$manifold" ]
exec 3<"$folder/$wall.launch" 4<"$go" 5<&0 6>&2${begins}
trap - EXIT
set +e
exec 2>/dev/null
{
  set -e
  exec 7>&1 >&6 2>&6 3<&-
  cd "$folder"
  if [ -t 0 ]; then
    tty=$(tty)
    echo "$tty skeleton/dev/console none bind 0 0" >>"$wall.mounts"
    if [ -n "$owner" ]; then chown "$owner" "$tty"; fi
  fi
  ${mounts}
  cd skeleton
  if [ "$options" = live ]; then :
  elif [ -n "$owner" ]; then install -d -m 755 -o "$owner" -g "$owner" app/up app/work; else mkdir -m 755 app/up app/work; fi
  n=0
  until [ -e "$folder/$wall.here" ]; do n=$((n + 1)); [ $n -lt 1000000 ]; done
  pivot_root . tmp
  cd /
  umount -l /tmp
  echo built >&7
  read -r slug <&4
  if [ "$options" != live ]; then
    if ! [ -d "/app/trees/$slug" ]; then echo "The slug $slug is gone." >&2; exit 1; fi
    mount -t overlay -o "lowerdir=/app/trees/$slug,upperdir=/app/up,workdir=/app/work$options" dyno /app
  fi
  echo entered >&7
} | {
  exec 7<&0 <&5 2>&6 4<&- 5<&- 6<&-${enters}
  trap - ${SIGNALS}
  : >"$folder/$wall.here"
  read -r _ <&7 || exit 125
  if [ -e "$folder" ]; then exit 125; fi
  exec "$@"
}
${ends}
`
}

/** The last line of a dyno's mounts: its root folder is as read-only as what is shown in it. The wall starts beside it. */
export const CLOSE_ROOT = 'none skeleton none remount,bind,ro,nosuid 0 0\n'

/** Closes every descriptor but the first three. */
export const CLOSE_OTHERS = `for fd in /proc/self/fd/*; do fd=\${fd##*/}; if [ "$fd" -gt 2 ]; then eval "exec $fd>&-"; fi; done`

/**
 * What bash runs in a dyno before the command: it drops descriptors that are not the dyno's (a piped child inherits
 * our terminals' masters), sources the app's profile scripts in name order and gives way to the command. Its own
 * path is $0, for the app's PATH need not lead to it. Without --norc bash reads .bashrc also for a command: Node's
 * pipes are sockets, by which bash believes itself started by rshd.
 */
export const START_SCRIPT = `${CLOSE_OTHERS}
for f in "$HOME"/.profile.d/*.sh; do if [ -r "$f" ]; then . "$f"; fi; done
if [ -r "$HOME/.profile" ]; then . "$HOME/.profile"; fi
unset f fd
exec -a bash "$0" --norc -c -- "$1"
`

/**
 * What bash runs first in a dyno within full walls, as its user: waits for the walls to be complete and takes over
 * the command, which becomes $1, and the variables; each ends in NUL, and before them is how many bash can export.
 * `env` is the program, as sh takes a word.
 */
export function enterScript(env: string): string {
  return `read -r -u 7 && cd /app || exit 125
mapfile -d '' -t -u 3 launch
set -- "\${launch[@]}"
unset launch REPLY OLDPWD
export -- "\${@:3:$2}"
set -- "$1" "\${@:3+$2}"
${startScript(env)}`
}

/** START_SCRIPT where more words than $1 are variables that bash takes from nobody but who starts it. */
export function startScript(env: string): string {
  return `if [ $# -gt 1 ]; then exec ${env} -- "\${@:2}" "$0" --norc -c ${quote(START_SCRIPT)} "$0" "$1"; fi
${START_SCRIPT}`
}

// Set by bash itself, read-only, or with another sense than a variable has: docker compose's users have UID in .env.
const BASH_OWN =
  /^(BASHOPTS|BASH_(ALIASES|ARGC|ARGV|ARGV0|CMDS|LINENO|SOURCE|VERSINFO)|DIRSTACK|E?UID|FUNCNAME|GROUPS|PIPESTATUS|PPID|SHELLOPTS)$/

/** Variables as words `NAME=VALUE`: those that bash can export, and those that it must be started with. */
export function exportable(environment: Environment): { free: readonly string[]; owned: readonly string[] } {
  const entries = Object.entries(environment)
  const words = (isOwned: boolean) =>
    entries.filter(([name]) => BASH_OWN.test(name) === isOwned).map(([name, value]) => `${name}=${value}`)
  return { free: words(false), owned: words(true) }
}

/** What setpriv makes of root: this user, for good. */
export function becomeUser(uid: number): string[] {
  const id = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs']
  return [...id, '--inh-caps=-all', '--bounding-set=-all']
}

/** A word that sh takes literally. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
