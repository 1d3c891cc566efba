import { createPrivateKey } from 'node:crypto'
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
import type { Meeting } from '../../core/meeting.ts'
import { type TerminalSize, terminalSize } from '../../core/terminal-size.ts'
import { type Channel, type ChannelEvents, joinChannel } from './join-channel.ts'

/** Who comes through a tunnel, and what is told of it. */
export type Visit = {
  readonly meeting: Meeting
  /** It carries something. */
  touch(): void
  /** The client is with its dyno. */
  joined(): void
}

/** SSH_MSG_CHANNEL_WINDOW_ADJUST. */
const WINDOW_ADJUST = 93
/** How much of a connection is read ahead of the library, in bytes. */
const READ_AHEAD = 256 * 1024
/** How long a client whose channel is closed may take to go, in milliseconds. */
const GRACE = 2000

/**
 * Speaks SSH on a connection on which the client's first line is still to be read, and joins its one shell with a dyno.
 * Everything else is refused; who comes is known by a token. The answer ends it with a word to the client.
 */
export function meetSsh(socket: Duplex, hostKey: KeyPair, visit: Visit): () => void {
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
    const isSession = opening.channel.channelType === 'session'
    if (isSession && !events) events = openChannel(socket, opening.channel, visit)
    else opening.failureReason = SshChannelOpenFailureReason.administrativelyProhibited
  })
  const lost = () => events?.closed()
  socket.on('end', lost).on('close', lost)
  session.connect(new SocketStream(socket)).catch(() => socket.destroy()) // whoever this is, it does not speak SSH
  return () => void session.close(SshDisconnectReason.byApplication, 'Nothing was said for too long.')
}

/** A host's key pair from a private key on the curve P-256 in PEM; throws when it is none. */
export async function readHostKey(pem: string): Promise<KeyPair> {
  const { x, y, d } = createPrivateKey(pem).export({ format: 'jwk' })
  const number = (text = '') => SshInteger.fromBytes(Buffer.from(text, 'base64url'), { unsigned: true })
  const pair = SshAlgorithms.publicKey.ecdsaSha2Nistp256!.createKeyPair()
  const parameters = { curve: { name: 'nistp256' }, x: number(x), y: number(y), d: number(d) }
  await pair.importParameters(parameters)
  return pair
}

function openChannel(socket: Duplex, channel: SshChannel, { meeting, touch, joined }: Visit): ChannelEvents {
  let terminal: TerminalSize | null = null
  let isJoined = false
  const events = joinChannel(ours(socket, channel), meeting, touch)
  channel.onDataReceived((bytes) => events.received(Buffer.from(bytes))) // a copy: the library uses its own again
  channel.onEof(events.inputEnded)
  channel.onClosed(() => {
    events.closed()
    setTimeout(() => socket.destroy(), GRACE).unref()
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

function ours(socket: Duplex, channel: SshChannel): Channel {
  return {
    piece: channel.maxPacketSize,
    window: channel.openMessage.maxWindowSize ?? 0,
    send: (bytes, stream) =>
      stream === 'stdout'
        ? channel.send(Buffer.from(bytes))
        : channel.sendExtendedData(SshExtendedDataType.STDERR, Buffer.from(bytes)),
    allow: (bytes) => channel.adjustWindow(bytes),
    async finish(status) {
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

class Session extends SshServerSession {
  readonly #grew: (bytes: number) => void

  constructor(configuration: SshSessionConfiguration, grew: (bytes: number) => void) {
    super(configuration)
    this.#grew = grew
  }

  protected override handleMessage(message: SshMessage): void | Promise<void> {
    const handled = super.handleMessage(message)
    if (message.messageType === WINDOW_ADJUST)
      this.#grew((message as { bytesToAdd?: number }).bytesToAdd ?? 0)
    return handled
  }
}

/** A connection as the library reads it, but no further ahead than it needs, and without surprises when it is lost. */
class SocketStream extends BaseStream {
  readonly #socket: Duplex
  #ahead = 0

  constructor(socket: Duplex) {
    super()
    this.#socket = socket
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
