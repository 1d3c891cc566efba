/** Signals a terminal sends to its foreground: our own processes there must outlive them. */
export const TERMINAL_SIGNALS = 'HUP,INT,QUIT,TERM,TSTP,TTIN,TTOU'

const SIGNALS = TERMINAL_SIGNALS.replaceAll(',', ' ')

/**
 * What runs as process 1 of a dyno: builds its walls and, beside them, starts what waits for them, reaps, and leaves
 * with the status of that. When it ends, the kernel ends everything else in the dyno. Status 125: no walls.
 *
 * Arguments: the manifold's folder, the wall's name, the file that says go, the owner of the dyno's files (empty:
 * whoever we are), extra overlay options (or `live`: there is no overlay), the manifold's process, and the words that
 * become the dyno's user and run ENTER_SCRIPT. It is POSIX sh, and each program it runs costs up to 3 ms, so there are few, and only one after the
 * word to go: which slug. For a wall that is used at once that is a file, for a spare a FIFO, and the read waits.
 *
 * A manifold killed before setpriv had tied us to its life is found out by our parent's parent being another; this
 * is still the host's /proc. Our own standard error is closed, for a shell says there what killed its child, and to
 * the user that is the command's business. What waits hears signals from the first moment, so none to a dyno that is
 * still entering is lost or hits a program of ours. It is only started on this side of pivot_root: a program from
 * the old root would keep a way there open.
 */
export const WALL_SCRIPT = `set -e
folder=$1 wall=$2 go=$3 owner=$4 options=$5 manifold=$6
shift 6
trap 'exit 125' EXIT
trap '' ${SIGNALS}
read -r _ _ _ up _ </proc/self/stat
read -r _ _ _ up _ <"/proc/$up/stat"
[ "$up" = "$manifold" ]
exec 3<"$folder/$wall.launch" 4<"$go" 5<&0 6>&2
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
  mount --all --fstab "$wall.mounts"
  cd skeleton
  if [ "$options" = live ]; then :
  elif [ -n "$owner" ]; then install -d -m 755 -o "$owner" -g "$owner" app/up app/work; else mkdir -m 755 app/up app/work; fi
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
  exec 7<&0 <&5 2>&6 4<&- 5<&- 6<&-
  trap - ${SIGNALS}
  read -r _ <&7 || exit 125
  exec "$@"
}
exit $?
`

/** The last line of a dyno's mounts: its root folder is as read-only as what is shown in it. The wall starts beside it. */
export const CLOSE_ROOT = 'none skeleton none remount,bind,ro,nosuid 0 0\n'

/**
 * What bash runs first in a dyno within full walls, as its user: waits for the walls to be complete and takes over
 * the command, which becomes $1, and the variables; each ends in NUL.
 */
export const ENTER_SCRIPT = `read -r -u 7 && cd /app || exit 125
mapfile -d '' -t -u 3 launch
set -- "\${launch[0]}"
export -- "\${launch[@]:1}"
unset launch REPLY OLDPWD
`

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

/** What setpriv makes of root: this user, for good. */
export function becomeUser(uid: number): string[] {
  const id = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs']
  return [...id, '--inh-caps=-all', '--bounding-set=-all']
}

/** A word that sh takes literally. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
