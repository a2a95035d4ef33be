import { idOf, numbers, objects } from '../data/objects.mjs'
import { asking } from './asking.mjs'
import { bare, express, fastify, fastifyFacet, holdfast } from './servers.mjs'

const node = 'a bare `node:http`'
const byHand = 'fastify with the same facet and ETag'
const paths = numbers(5000).map(number => `/users/${idOf(number)}`)

/** The one object of a path. */
function finder() {
  const known = new Map(objects().map(object => [String(object.id), object]))
  return path => known.get(path.slice(7))
}

const variant = start => async () => {
  const { origin, end } = await start()
  return asking(origin, paths, 'get', end)
}

/** An object by its id over 50 connections; ours with its ETag, through a facet. The time is that of the server's process. */
export default {
  title: 'GET of an object by its id',
  operations: ['get'],
  slice: 400,
  waiting: ['get'],
  variants: {
    [node]: variant(() => bare(finder())),
    Holdfast: variant(() => holdfast(objects())),
    [byHand]: variant(() => fastifyFacet(objects())),
    fastify: variant(() => fastify(finder(), '/users/:id')),
    express: variant(() => express(finder(), '/users/:id')),
  },
  rows: [
    {
      what: 'server: GET by id, the same work',
      to: byHand,
      operation: 'get',
      goal: { speed: 0.84 },
      without: ['fastify', 'express', node],
    },
    {
      what: 'server: GET by id with ETag, 50 connections',
      to: node,
      operation: 'get',
      goal: { speed: 0.8 },
      ahead: ['express'],
    },
  ],
}
