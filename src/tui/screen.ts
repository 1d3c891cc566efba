import blessed from 'blessed'
import { type Layout, LEAST, type PaneSize } from './layout.ts'
import { type MouseEvent, readTerminal, takeMouse } from './mouse.ts'
import type { Painted } from './paint.ts'
import { readPastes, TELL_PASTES } from './paste.ts'

/** blessed has no name for these. */
const NAMED_BY_WHAT_THEY_TYPE = new Set('/?+-=:&[]')

/** The terminal as a picture with panes. */
export type Screen = {
  size(): PaneSize
  draw(layout: Layout, painted: Painted): void
  /** Sends the terminal something that leaves the picture as it is. */
  send(sequence: string): void
  /** Gives the terminal back until the answer is called. */
  stepAside(): () => void
  /** Gives the terminal back. */
  close(): void
}

/** What a person does. */
export type Person = {
  /** Everything that was typed, before it is taken for keys; answers what of it is still to be. */
  typed(text: string): string
  /** What was pasted, whole. */
  pasted(text: string): void
  /** A key by its name, what it types and what the terminal sent for it: `S-n`, `N`, `N`. */
  key(name: string, typed: string, sent: string): void
  mouse(event: MouseEvent): void
  resized(): void
}

// blessed knows no emoji: what it takes for narrow and terminals draw wide would leave rubbish behind it.
const EMOJI = /\ud83c[\udf00-\udfff]|\ud83d[\udc00-\ude4f\ude80-\udeff]|\ud83e[\udd00-\uddff\ude70-\udeff]/
type Unicode = { charWidth(text: string, at?: number): number; readonly chars: { all: RegExp } }
const { unicode } = blessed as typeof blessed & { readonly unicode: Unicode }
const widthInBlessed = unicode.charWidth
unicode.charWidth = (text, at = 0) => (EMOJI.test(text.slice(at, at + 2)) ? 2 : widthInBlessed(text, at))
unicode.chars.all = new RegExp(`(${unicode.chars.all.source}|${EMOJI.source})`, 'g')

/** Takes the terminal over; the door of blessed. */
export function openScreen(person: Person): Screen {
  // Other terminals' descriptions have 8 colours, or none: what we send all of them understand.
  const screen = blessed.screen({
    terminal: 'xterm-256color',
    smartCSR: true,
    fullUnicode: true,
    forceUnicode: true, // a locale says what programs write, and where there is none (sudo, cron) we write the same
    title: 'dyno',
  })
  const whole = screen as typeof screen & { enter(): void; leave(): void } // its types lack them
  const { program } = screen
  const box = () => blessed.box({ parent: screen, wrap: false })
  const panes = {
    head: box(),
    tour: box(),
    list: box(),
    rule: box(),
    main: box(),
    detail: box(),
    foot: box(),
  }
  const small = box()
  let isTaken = false

  screen.on('keypress', (typed: string | undefined, key: { full: string; sequence?: string }) => {
    if (isTaken || key.full === 'return') return // which blessed tells twice, as 'enter' too
    const name = typed && NAMED_BY_WHAT_THEY_TYPE.has(typed) ? typed : key.full
    person.key(name, typed ?? '', key.sequence ?? typed ?? '')
  })
  // Before blessed takes it apart: a program in a pane gets what was typed as it was.
  const read = readTerminal()
  const pastes = readPastes()
  let isAgain = false
  const readKeys = (typed: string): void => {
    isAgain = true
    isTaken = false
    process.stdin.emit('data', Buffer.from(typed))
    isAgain = false
  }
  process.stdin.prependListener('data', (chunk: Buffer | string) => {
    if (isAgain) return
    const { text, isTorn } = read(chunk)
    const { sent, isInside } = pastes(text)
    const parts = sent.map(({ text, isPasted }) =>
      isPasted ? { pasted: text, events: [], typed: '' } : { pasted: null, ...takeMouse(text) },
    )
    // Of what comes together with a mouse's doings blessed reads nothing, and is to read none of what is torn or pasted.
    const isMixed =
      isTorn || isInside || parts.some(({ pasted, events }) => pasted !== null || events.length > 0)
    isTaken = false
    for (const { pasted, typed, events } of parts) {
      if (pasted !== null) person.pasted(pasted)
      const rest = typed === '' ? '' : person.typed(typed)
      for (const event of events) person.mouse(event)
      if (rest !== '' && (isMixed || rest !== typed)) readKeys(rest)
      isTaken = rest !== typed
    }
    isTaken ||= isMixed
  })
  screen.on('resize', () => {
    screen.alloc()
    person.resized()
  })
  const listenToMouse = (isOn: boolean) =>
    program.setMouse({ vt200Mouse: isOn, cellMotion: isOn, sgrMouse: isOn }, isOn)
  const tellPastes = (isOn: boolean) => process.stdout.write(isOn ? TELL_PASTES.on : TELL_PASTES.off)
  listenToMouse(true)
  tellPastes(true)
  program.hideCursor()

  return {
    size: () => ({ columns: Number(screen.width), rows: Number(screen.height) }),
    draw(layout, painted) {
      for (const pane of Object.values(panes)) pane.hidden = layout.isTooSmall
      small.hidden = !layout.isTooSmall
      small.setContent(`dyno needs ${LEAST.columns}×${LEAST.rows}\nq leaves`)
      const { rule } = layout
      const line = layout.isWide ? Array(rule.height).fill('│').join('\n') : '─'.repeat(rule.width)
      const texts = {
        ...{ head: painted.head, detail: painted.detail, foot: painted.foot },
        ...{ tour: painted.tour.join('\n'), list: painted.list.join('\n'), main: painted.main.join('\n') },
        rule: `\u001b[2m${line}\u001b[22m`,
      }
      for (const name of ['head', 'tour', 'list', 'rule', 'main', 'detail', 'foot'] as const) {
        Object.assign(panes[name], layout[name])
        if (layout[name].height === 0) panes[name].hidden = true
        panes[name].setContent(texts[name])
      }
      screen.render()
    },
    send: (sequence) => void process.stdout.write(sequence),
    stepAside() {
      listenToMouse(false)
      tellPastes(false)
      whole.leave()
      process.stdin.setRawMode(false)
      return () => {
        process.stdin.setRawMode(true)
        whole.enter()
        listenToMouse(true)
        tellPastes(true)
        screen.alloc()
      }
    },
    close() {
      listenToMouse(false)
      tellPastes(false)
      screen.destroy()
    },
  }
}
