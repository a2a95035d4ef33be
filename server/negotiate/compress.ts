/** Compression of what is answered, where the client takes it and it is worth while. */
import { type Answer, vary } from '../answer.js'

/** Shorter bodies fit into a packet or two as they are. */
const least = 2048

/** The answer compressed by gzip, if it may be. */
export function compressed(answer: Answer, header: (name: string) => string | null): Answer {
  const { body, headers } = answer
  if (body === undefined || (typeof body === 'string' && body.length < least)) return answer
  if (!isText(headers['content-type'])) return answer
  vary(headers, 'Accept-Encoding')
  if (!takesGzip(header('accept-encoding'))) return answer
  headers['content-encoding'] = 'gzip'
  const stream = body instanceof ReadableStream ? body : (new Response(body as string).body as ReadableStream)
  return { ...answer, body: stream.pipeThrough(new CompressionStream('gzip') as never) }
}

const isText = (type = '') => /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?(?:x-nd)?(?:nd)?json)/.test(type)

function takesGzip(accept: string | null): boolean {
  if (!accept) return false
  const found = accept
    .toLowerCase()
    .split(',')
    .map(each => each.trim().split(/\s*;\s*q=/) as [string, string?])
  const quality = found.find(([name]) => name === 'gzip') ?? found.find(([name]) => name === '*')
  return quality !== undefined && Number(quality[1] ?? 1) > 0
}
