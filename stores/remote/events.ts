import { invalid } from './lost.js'

/** One event of a stream of the type text/event-stream (HTML Living Standard, section 9.2). */
export interface StreamEvent {
  /** The position that the stream has reached, if it says so here. */
  readonly id: string | undefined
  /** The kind; empty if only the position was told. */
  readonly name: string
  readonly data: string
}

/** The events that stand in the lines. One that has not come to its end is none. */
export async function* events(lines: AsyncIterable<string>, max: number): AsyncGenerator<StreamEvent, undefined> {
  let id: string | undefined
  let name = ''
  let data: string[] = []
  let length = 0
  for await (const whole of lines) {
    const line = whole.endsWith('\r') ? whole.slice(0, -1) : whole
    if (line === '') {
      const told = data.length > 0
      if (told || id !== undefined) yield { id, name: told ? name || 'message' : '', data: data.join('\n') }
      id = undefined
      name = ''
      data = []
      length = 0
      continue
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    length += line.length
    if (length > max) throw invalid(`an event has more than ${max} characters`)
    if (field === 'id' && !value.includes('\0')) id = value
    else if (field === 'event') name = value
    else if (field === 'data') data.push(value)
  }
}
