import type { Change } from '../../lib/store.js'
import { chunks, left } from './answer.js'
import { changeOf, missed, sequenceOf, toldBy } from './change.js'
import { events, type StreamEvent } from './events.js'
import { lines } from './lines.js'
import { invalid, Lost } from './lost.js'
import { eventStream, mediaType } from './media-types.js'
import type { Settings } from './options.js'
import type { Opened } from './transport.js'

/** A stream of changes that is open. */
export interface Connection {
  /** The next change, and what is known of the position. `Lost` when the stream has ended, however that came. */
  next(): Promise<Step>
  end(): void
}

export interface Step {
  readonly change?: Change | undefined
  /** The last change that the server has told up to here. */
  readonly reached: number | undefined
}

/** `since` is the position that was asked for, `again` whether it is one that was reached before. */
export function connection(
  { received, own, end }: Opened,
  { idProperty, max }: Pick<Settings, 'idProperty' | 'max'>,
  again: boolean,
): Connection {
  const type = mediaType(received.headers.get('content-type'))
  if (type !== eventStream) {
    end()
    throw left(received, `it is ${type || 'of no type'}, not ${eventStream}`)
  }
  const stream = events(lines(chunks(received, own), max), max)

  function stepOf(event: StreamEvent): Step {
    const { id, name } = event
    if (name === 'reset') {
      const cause = toldBy(event)
      throw (again ? undefined : cause) ?? missed('as the server does not know them any more', cause)
    }
    if (name === 'error')
      throw toldBy(event) ?? invalid('the server ended the stream with an error that is none of a store')
    return { change: changeOf(event, idProperty), reached: sequenceOf(id) }
  }

  return {
    async next() {
      own.renew()
      try {
        const { value, done } = await stream.next()
        if (done) throw new Lost('the stream has ended', { sent: true, again: true })
        return stepOf(value)
      } finally {
        own.rest()
      }
    },
    end() {
      own.abort(new Lost('the stream is not wanted any more', { sent: true }))
      stream.return(undefined).catch(() => {})
      end()
    },
  }
}
