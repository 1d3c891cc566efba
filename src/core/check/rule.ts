/** `error`: it does not run; `warning`: it runs, and not as meant or not everywhere; `note`: good to know. */
export type Severity = 'error' | 'warning' | 'note'

/** What is looked for, and what a person is told who asks about it. */
export type Rule = {
  readonly severity: Severity
  /** One line, without a full stop. */
  readonly title: string
  /** What happens, and where. */
  readonly why: string
  /** A file, or lines of one, in which it is found, … */
  readonly wrong: string
  /** … and the same as it should be. */
  readonly right: string
}
