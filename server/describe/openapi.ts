/** OpenAPI 3.1 of what is served: what is open, and nothing of what is not. */
import type { Data } from '../../lib/store.js'
import type { Served } from '../handler/served.js'
import {
  asking,
  bare,
  calling,
  conditions,
  counting,
  failure,
  following,
  found,
  id,
  json,
  made,
  patches,
  problem,
  reference,
  rql,
} from './operations.js'
import { schemasOf } from './schemas.js'

export interface About {
  readonly title: string
  readonly base: string
}

export function openApi(served: ReadonlyMap<string, Served>, { title, base }: About): Data {
  const paths: Data = {}
  const schemas: Data = { Problem: problem }
  for (const each of served.values()) Object.assign(paths, pathsOf(each, schemas))
  return {
    openapi: '3.1.0',
    info: { title, version: '1' },
    ...(base !== '' && { servers: [{ url: base }] }),
    paths,
    components: { schemas },
  }
}

function pathsOf(served: Served, schemas: Data): Data {
  const { name } = served
  const { methods, own, prototype } = served.audit()
  const has = (method: string) => methods.includes(method)
  const key = keyOf(name)
  const { read, create, replace, patch } = schemasOf(served)
  schemas[key] = read
  const one = reference(key)
  const many = { type: 'array', items: one }
  const part = (suffix: string, schema: Data) => {
    schemas[`${key}.${suffix}`] = schema
    return reference(`${key}.${suffix}`)
  }
  const tags = [name]
  const about = (id: string, summary: string) => ({ operationId: `${key}.${id}`, summary, tags })
  const collection = {
    ...(has('query') && { get: { ...about('query', 'What matches'), parameters: asking, responses: found(many) } }),
    ...(has('add') && {
      post: {
        ...about('add', 'Adds an object'),
        requestBody: json(part('create', create)),
        responses: made(one, '201'),
      },
    }),
  }
  const object = {
    ...(has('get') && { get: { ...about('get', 'The object'), responses: { ...made(one, '200'), '304': bare } } }),
    ...(has('put') && {
      put: {
        ...about('put', 'Stores the object over what is there'),
        parameters: conditions,
        requestBody: json(part('replace', replace)),
        responses: { ...made(one, '200'), ...made(one, '201') },
      },
    }),
    ...(has('patch') && {
      patch: {
        ...about('patch', 'Changes the object'),
        parameters: conditions,
        requestBody: patches(part('patch', patch)),
        responses: made(one, '200'),
      },
    }),
    ...(has('delete') && {
      delete: {
        ...about('delete', 'Removes the object'),
        parameters: conditions,
        responses: { '204': bare, default: failure },
      },
    }),
  }
  const path = `/${encodeURIComponent(name)}`
  const calls = Object.fromEntries(
    methods
      .filter(method => own.includes(method) && !storeMethods.has(method))
      .map(method => [
        `${path}/$call/${encodeURIComponent(method)}`,
        { post: calling(about(method, `Calls ${method}`)) },
      ]),
  )
  const callsOn = Object.fromEntries(
    prototype
      .filter(method => own.includes(method) && has('get'))
      .map(method => [
        `${path}/{id}/$call/${encodeURIComponent(method)}`,
        { parameters: [id], post: calling(about(`prototype.${method}`, `Calls ${method} of the object`)) },
      ]),
  )
  return {
    ...(Object.keys(collection).length > 0 && { [path]: collection }),
    ...(Object.keys(object).length > 0 && { [`${path}/{id}`]: { parameters: [id], ...object } }),
    ...(has('count') && { [`${path}/$count`]: { get: counting(about('count', 'How many match')) } }),
    ...(has('query') && {
      [`${path}/$query`]: {
        post: { ...about('long', 'What matches a long query'), requestBody: rql, responses: found(many) },
      },
    }),
    ...(has('subscribe') && {
      [`${path}/$changes`]: { get: following(about('changes', 'The changes as they are made')) },
    }),
    ...calls,
    ...callsOn,
  }
}

/** The name of a component, of which others have no part: what may not stand in one is written as its number. */
function keyOf(name: string): string {
  const key = name.replace(/[^A-Za-z0-9_-]/gu, character => `_${character.codePointAt(0)?.toString(16)}`)
  return key === 'Problem' ? '_Problem' : key
}

const storeMethods = new Set(
  'get put add delete query count subscribe update patch transaction getAll putAll deleteAll'.split(' '),
)
