import { closeSync, openSync } from 'node:fs'
import { isExhausted } from '../../core/exhausted.ts'

// What a process may have open can be used up by others' connections, and the processes of dynos must be seen all the
// same, to be ended: one descriptor is kept back for it.
let spare = reserve()

/** Reads something that takes one descriptor, of those kept back where there is no other; throws the system's error. */
export function withSpare<T>(read: () => T): T {
  spare ??= reserve()
  try {
    return read()
  } catch (error) {
    if (!isExhausted(error) || spare === undefined) throw error
    closeSync(spare)
    try {
      return read()
    } finally {
      spare = reserve()
    }
  }
}

function reserve(): number | undefined {
  try {
    return openSync('/dev/null', 'r')
  } catch (error) {
    if (isExhausted(error)) return undefined
    throw error
  }
}
