import { DYNO_UID } from '../../core/walls.ts'

/**
 * What runs as process 1 of a dyno: mounts its root, enters it, starts the command below itself, reaps, and
 * leaves with the command's status. When it ends, the kernel ends everything else in the dyno.
 *
 * Arguments: the manifold's folder, the dyno's name, the owner of its files (empty: whoever we are), extra
 * overlay options, the rest of the line that mounts its terminal and the manifold's process. It is POSIX sh, and
 * each program it runs costs a millisecond, so there are few. Status 125 means that the walls could not be built.
 *
 * A manifold killed before setpriv had tied us to its life is found out by our parent's parent being another; this
 * is still the host's /proc. At the end our own standard error is closed, for a shell says there what killed its
 * child, and to the user that is the command's business. The dyno's variables are only opened here: no program of ours may be run with them.
 */
export const WALL_SCRIPT = `set -e
folder=$1 dyno=$2 owner=$3 options=$4 console=$5 manifold=$6
trap 'exit 125' EXIT
cd "$folder"
. "./$dyno.start"
read -r _ _ _ up _ </proc/self/stat
read -r _ _ _ up _ <"/proc/$up/stat"
[ "$up" = "$manifold" ]
exec 3<"./$dyno.vars"
if [ -t 0 ]; then
  tty=$(tty)
  echo "$tty$console" >> "./$dyno.mounts"
  if [ -n "$owner" ]; then chown "$owner" "$tty"; fi
fi
mount --all --fstab "./$dyno.mounts"
if [ -n "$owner" ]; then install -d -m 755 -o "$owner" -g "$owner" writes/app writes/work; else mkdir -m 755 writes/app writes/work; fi
mount -t overlay -o "lowerdir=slug,upperdir=writes/app,workdir=writes/work$options" dyno skeleton/app
cd skeleton
pivot_root . tmp
cd /
umount -l /tmp
cd /app
trap - EXIT
set +e
exec 4>&2 2>/dev/null
( exec 2>&4 4>&-; dyno_start )
exit $?
`

/** The last line of a dyno's mounts: its root folder is as read-only as what is shown in it. The wall starts beside it. */
export const CLOSE_ROOT = 'none skeleton none remount,bind,ro,nosuid 0 0\n'

/** What bash runs first in a dyno within full walls, as its user: takes over its variables, which end in NUL each. */
export const TAKE_VARIABLES = `mapfile -d '' -t -u 3 vars
export -- "\${vars[@]}"
unset vars
`

/**
 * What bash runs in a dyno before the command: it drops descriptors that are not the dyno's (a piped child inherits
 * our terminals' masters), sources the app's profile scripts in name order and gives way to the command. Its own
 * path is $0, for the app's PATH need not lead to it. Without --norc bash reads .bashrc also for a command: Node's
 * pipes are sockets, by which bash believes itself started by rshd.
 */
export const START_SCRIPT = `for fd in /proc/self/fd/*; do fd=\${fd##*/}; if [ "$fd" -gt 2 ]; then eval "exec $fd>&-"; fi; done
for f in "$HOME"/.profile.d/*.sh; do if [ -r "$f" ]; then . "$f"; fi; done
if [ -r "$HOME/.profile" ]; then . "$HOME/.profile"; fi
unset f fd
exec -a bash "$0" --norc -c -- "$1"
`

/** What setpriv makes of root: the dyno's user, for good. */
export const BECOME_USER = `--reuid=${DYNO_UID} --regid=${DYNO_UID} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all`

/** Signals a terminal sends to its foreground: our own processes there must outlive them. */
export const TERMINAL_SIGNALS = 'HUP,INT,QUIT,TERM,TSTP,TTIN,TTOU'

/** A word that sh takes literally. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
