/** The parts that the operations of OpenAPI are made of. */
import type { Data } from '../../lib/store.js'

export const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const content = (schema: Data, type = 'application/json') => ({ [type]: { schema } })
export const json = (schema: Data) => ({ required: true, content: content(schema) })
export const bare = { description: 'Done, or known already' }
export const failure = {
  description: 'What went wrong (RFC 9457)',
  content: content(reference('Problem'), 'application/problem+json'),
}
export const made = (schema: Data, status: string) => ({
  [status]: {
    description: 'The object as it is seen',
    headers: { ETag: { schema: text() } },
    content: content(schema),
  },
  default: failure,
})
export const found = (schema: Data) => ({
  '200': {
    description: 'A page, or all as a stream',
    headers: { 'Content-Range': { schema: text() }, Link: { schema: text() } },
    content: { ...content(schema), 'application/x-ndjson': {}, 'text/csv': {} },
  },
  '206': { description: 'The part that Range asks for', content: content(schema) },
  default: failure,
})
export const patches = (schema: Data) => ({
  required: true,
  content: {
    ...content(schema, 'application/merge-patch+json'),
    ...content({ type: 'array', items: { type: 'object' } }, 'application/json-patch+json'),
  },
})
export const rql = { required: true, content: { 'application/rql': { schema: text() } } }
export const calling = (about: Data) => ({
  ...about,
  requestBody: { required: false, content: content({ type: 'array' }) },
  responses: { '200': { description: 'What it gives', content: content({}) }, '204': bare, default: failure },
})
export const counting = (about: Data) => ({
  ...about,
  responses: { '200': { description: 'How many', content: content(counted) }, default: failure },
})
const counted = { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] }
export const following = (about: Data) => ({
  ...about,
  responses: { '200': { description: 'An event stream', content: { 'text/event-stream': {} } }, default: failure },
})

function text(): Data {
  return { type: 'string' }
}

export const id = { name: 'id', in: 'path', required: true, schema: text() }
export const asking = [
  { name: 'limit', in: 'query', description: 'How many at most', schema: { type: 'integer', minimum: 0 } },
  { name: 'offset', in: 'query', description: 'After how many', schema: { type: 'integer', minimum: 0 } },
  { name: 'Range', in: 'header', description: 'items=0-24', schema: text() },
]
export const conditions = [
  { name: 'If-Match', in: 'header', description: 'The ETag that must be stored', schema: text() },
  { name: 'Idempotency-Key', in: 'header', description: 'Makes it safe to send again', schema: text() },
]

export const problem = {
  type: 'object',
  properties: {
    type: text(),
    title: text(),
    status: { type: 'integer' },
    detail: text(),
    id: { type: ['string', 'integer'] },
    issues: { type: 'array', items: { type: 'object' } },
  },
  required: ['title', 'status'],
}
