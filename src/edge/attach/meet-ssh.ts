import type { KeyObject } from 'node:crypto'
import type { Duplex } from 'node:stream'
import {
  BaseStream,
  type ChannelRequestMessage,
  type KeyPair,
  SshAlgorithms,
  SshAuthenticationType,
  type SshChannel,
  SshChannelOpenFailureReason,
  SshDataReader,
  SshDisconnectReason,
  SshExtendedDataType,
  BigInt as SshInteger,
  type SshMessage,
  SshServerSession,
  SshSessionConfiguration,
} from '@microsoft/dev-tunnels-ssh'
import { type TerminalSize, terminalSize } from '../../core/terminal-size.ts'
import type { Meeting } from '../../core/wire/meeting.ts'
import { type Channel, type ChannelEvents, joinChannel } from './join-channel.ts'

/** Who comes through a tunnel, and what is told of it. */
export type Visit = {
  readonly meeting: Meeting
  /** It carries something. */
  touch(): void
  /** The client is with its dyno. */
  joined(): void
}

/** Messages by their number in SSH. */
const [KEY_EXCHANGE_INIT, CHANNEL_WINDOW_ADJUST] = [20, 93]
/** The curve's names in SSH and X.509. */
const P256 = { name: 'nistp256', oid: '1.2.840.10045.3.1.7' }
/** How much of a connection is read ahead of the library, in bytes. */
const READ_AHEAD = 256 * 1024
/** How long a client that has closed its channel may take to go, in milliseconds. */
const GRACE = 2000

/**
 * Speaks SSH on a connection whose first line has been read, and joins its one shell with a dyno. Everything else is
 * refused; who comes is known by a token. The answer ends it with a word to the client.
 */
export function meetSsh(socket: Duplex, line: Buffer, hostKey: KeyPair, visit: Visit): () => void {
  const configuration = new SshSessionConfiguration() // one each: it would keep every session it has ever had
  configuration.authenticationMethods.splice(0, Number.POSITIVE_INFINITY, 'none' as never)
  configuration.protocolExtensions.splice(0)
  let events: ChannelEvents | undefined
  const session = new Session(configuration, (bytes) => events?.windowGrew(bytes))
  session.credentials = { publicKeys: [hostKey] }
  session.onAuthenticating((asked) => {
    const isOpen = asked.authenticationType === SshAuthenticationType.clientNone
    asked.authenticationPromise = Promise.resolve(isOpen ? {} : null)
  })
  session.onChannelOpening((opening) => {
    const { channel } = opening
    const isGood = channel.channelType === 'session' && channel.maxPacketSize > 0
    if (isGood && !events) events = openChannel(socket, channel, visit)
    else opening.failureReason = SshChannelOpenFailureReason.administrativelyProhibited
  })
  const lost = () => events?.closed()
  socket.on('end', lost).on('close', lost)
  session.connect(new SocketStream(socket, line)).catch(() => socket.destroy()) // whoever this is, it does not speak SSH
  return () => void session.close(SshDisconnectReason.byApplication, 'Nothing was said for too long.')
}

/** A host's key pair of a private key on the curve P-256. */
export async function readHostKey(key: KeyObject): Promise<KeyPair> {
  const { x, y, d } = key.export({ format: 'jwk' })
  const number = (text = '') => SshInteger.fromBytes(Buffer.from(text, 'base64url'), { unsigned: true })
  const pair = SshAlgorithms.publicKey.ecdsaSha2Nistp256!.createKeyPair()
  const parameters = { curve: P256, x: number(x), y: number(y), d: number(d) }
  await pair.importParameters(parameters)
  return pair
}

function openChannel(socket: Duplex, channel: SshChannel, { meeting, touch, joined }: Visit): ChannelEvents {
  let terminal: TerminalSize | null = null
  let isJoined = false
  const ours = channelOf(socket, channel)
  const events = joinChannel(ours, meeting, touch)
  channel.onDataReceived((bytes) => events.received(Buffer.from(bytes))) // a copy: the library uses its own again
  channel.onEof(events.inputEnded)
  channel.onClosed(() => {
    events.closed()
    if (!ours.isFinished) setTimeout(() => socket.destroy(), GRACE).unref()
  })

  const answer = (type: string, request: SshDataReader): boolean => {
    switch (type) {
      case 'pty-req':
        if (isJoined) return false
        request.readString('utf8') // TERM: the dyno has its own
        terminal = terminalSize(request.readUInt32(), request.readUInt32())
        return true
      case 'window-change':
        if (!terminal) return false
        terminal = terminalSize(request.readUInt32(), request.readUInt32())
        if (isJoined) events.resized(terminal)
        return true
      case 'signal':
        events.signalled(request.readString('utf8'))
        return true
      case 'shell':
        if (isJoined) return false
        isJoined = true
        joined()
        queueMicrotask(() => events.join(terminal)) // what goes wrong there is not the library's to catch
        return true
      default:
        return false // a command too: the dyno has one
    }
  }
  channel.onRequest((asked) => {
    asked.isAuthorized = readable(() => answer(asked.requestType, payloadOf(asked.request)))
  })
  return events
}

function channelOf(socket: Duplex, channel: SshChannel): Channel & { readonly isFinished: boolean } {
  let isFinished = false
  return {
    get isFinished() {
      return isFinished
    },
    piece: channel.maxPacketSize,
    window: channel.openMessage.maxWindowSize ?? 0,
    send: (bytes, stream) =>
      stream === 'stdout'
        ? channel.send(Buffer.from(bytes))
        : channel.sendExtendedData(SshExtendedDataType.STDERR, Buffer.from(bytes)),
    allow: (bytes) => channel.adjustWindow(bytes),
    async finish(status) {
      isFinished = true
      await channel.send(Buffer.alloc(0)) // the end of the stream, to the library
      await (status === undefined ? channel.close() : channel.close(status))
    },
    cut: () => void socket.destroy(),
  }
}

// What a request says besides its type: behind the message's number, the channel's, the type and whether to reply.
function payloadOf(request: ChannelRequestMessage): SshDataReader {
  const reader = new SshDataReader(request.toBuffer())
  reader.readByte()
  reader.readUInt32()
  reader.readString('utf8')
  reader.readBoolean()
  return reader
}

function readable(answer: () => boolean): boolean {
  try {
    return answer()
  } catch {
    return false // the request was cut short
  }
}

/** What the library has and its types leave out; the version is pinned and the tests hold it. */
type Inside = {
  readonly config: { keyRotationThreshold: number }
  readonly kexService: {
    readonly exchanging: boolean
    startKeyExchange(isInitial: boolean): Promise<readonly [SshMessage, unknown]>
  }
  sendMessage(message: SshMessage): Promise<void>
}

class Session extends SshServerSession {
  readonly #grew: (bytes: number) => void

  constructor(configuration: SshSessionConfiguration, grew: (bytes: number) => void) {
    super(configuration)
    this.#grew = grew
    // New keys are the client's to ask for: the library, which would after 512 MiB, may say other things meanwhile.
    this.#inside.config.keyRotationThreshold = Number.POSITIVE_INFINITY
  }

  get #inside(): Inside {
    return this as unknown as Inside
  }

  protected override handleMessage(message: SshMessage): void | Promise<void> {
    const { kexService } = this.#inside
    if (message.messageType === KEY_EXCHANGE_INIT && !kexService.exchanging) return this.#exchange(message)
    const handled = super.handleMessage(message)
    if (message.messageType === CHANNEL_WINDOW_ADJUST)
      this.#grew((message as { bytesToAdd?: number }).bytesToAdd ?? 0)
    return handled
  }

  // The library does not know that a client may want new keys. Its own wish goes out after what waits already.
  async #exchange(asked: SshMessage): Promise<void> {
    const { kexService } = this.#inside
    const [ours] = await kexService.startKeyExchange(false)
    await this.#inside.sendMessage(ours)
    await super.handleMessage(asked)
  }
}

/** A connection as the library reads it, but no further ahead than it needs, and without surprises when it is lost. */
class SocketStream extends BaseStream {
  readonly #socket: Duplex
  #ahead = 0

  constructor(socket: Duplex, read: Buffer) {
    super()
    this.#socket = socket
    this.#ahead = read.length
    this.onData(read) // the library throws at nobody, and so at the process, when it finds no first line
    socket.on('data', (chunk: Buffer) => {
      this.#ahead += chunk.length
      if (this.#ahead > READ_AHEAD) socket.pause()
      this.onData(chunk)
    })
    socket.on('end', () => this.onEnd()).on('close', () => this.onEnd())
    socket.resume()
  }

  override async read(count: number): Promise<Buffer | null> {
    const bytes = await super.read(count)
    this.#ahead -= bytes?.length ?? 0
    if (this.#ahead <= READ_AHEAD) this.#socket.resume()
    return bytes
  }

  // A connection that is lost is told of by what is read.
  override write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => this.#socket.write(bytes, () => resolve()))
  }

  override async close(): Promise<void> {
    this.disposed = true
    this.onEnd()
    this.#socket.end()
  }

  override dispose(): void {
    this.#socket.destroy()
    super.dispose()
  }
}
