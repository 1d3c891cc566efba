import { DYNO_UID } from '../../core/walls.ts'

/** Who is to own a slug's files: root gives them to the dyno's user; anybody else's dyno is that person, under another name. */
export function slugOwner(): { readonly owner?: { readonly uid: number; readonly gid: number } } {
  return process.geteuid?.() === 0 ? { owner: { uid: DYNO_UID, gid: DYNO_UID } } : {}
}
