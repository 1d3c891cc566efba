import { spawn } from 'node:child_process'
import { LIVE_MARK } from '../../core/walls.ts'

// Waits for the end of its input, which is the manifold's end however it comes, and ends what is left: what has its
// HOME in a dyno's folder, or works in one. A folder closed to its own owner must be opened before it can be removed.
const SCRIPT = `cat >/dev/null
left() {
  for d in "$1"/*/; do [ -d "$d" ] && grep -lzxF -e "HOME=\${d}app" -e "${LIVE_MARK}=\${d}app" /proc/[0-9]*/environ; done
  ls -ld /proc/[0-9]*/cwd | while read -r l; do case $l in *"/cwd -> $1/"*) l=\${l%%/cwd -> *}; echo "/proc/\${l##*/}/cwd" ;; esac; done
}
while pids=$(left "$1" 2>/dev/null) && [ -n "$pids" ]; do
  for p in $pids; do p=\${p#/proc/}; kill -KILL "\${p%/*}"; done 2>/dev/null
  sleep 0.05
done
chmod -R u+rwX "$1" 2>/dev/null
rm -rf "$1"
rmdir "\${1%/*}" 2>/dev/null
`

/**
 * Starts the one small process that outlives a killed manifold where the kernel does not end its dynos: it kills
 * every process that has its home or its working directory below `copies`, a real path, and removes that folder, and
 * the one above if nothing else is in it.
 * Call the answer at a regular end.
 */
export function startKeeper(copies: string): () => void {
  const keeper = spawn('sh', ['-c', SCRIPT, 'dyno-keeper', copies], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  keeper.unref()
  return () => void keeper.stdin.end()
}
