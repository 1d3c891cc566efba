import { spawn } from 'node:child_process'

// Waits for the end of its input, which is the manifold's end however it comes, and ends what is left.
const SCRIPT = `cat >/dev/null
while pids=$(for d in "$1"/*/; do [ -d "$d" ] && grep -lzxF -e "HOME=\${d}app" /proc/[0-9]*/environ; done 2>/dev/null) && [ -n "$pids" ]; do
  for p in $pids; do p=\${p#/proc/}; kill -KILL "\${p%/environ}"; done 2>/dev/null
  sleep 0.05
done
rm -rf "$1"
`

/**
 * Starts the one small process that outlives a killed manifold where the kernel does not end its dynos: it kills
 * every process that has its home below `copies`, and removes that folder. Call the answer at a regular end.
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
