import { numbers, objects } from '../data/objects.mjs'
import { asking } from './asking.mjs'
import { bare, express, fastify, fastifyFacet, holdfast } from './servers.mjs'

const node = 'a bare `node:http`'
const byHand = 'fastify with the same facet'
const starts = numbers(500).map(number => number * 20)
const paths = starts.map(start => `/users?limit(20,${start})`)

/** The twenty objects of a path, in the order of their ids. */
function finder() {
  const sorted = objects().sort((a, b) => (a.id < b.id ? -1 : 1))
  return path => {
    const start = Number(path.slice(path.indexOf(',') + 1, -1))
    return sorted.slice(start, start + 20)
  }
}

const variant = start => async () => {
  const { origin, end } = await start()
  return asking(origin, paths, 'page', end)
}

/** A page of twenty, ours by RQL through a facet, with how many there are. The time is that of the server's process. */
export default {
  title: 'GET of a page of 20',
  operations: ['page'],
  slice: 400,
  waiting: ['page'],
  variants: {
    [node]: variant(() => bare(finder())),
    Holdfast: variant(() => holdfast(objects())),
    [byHand]: variant(() => fastifyFacet(objects())),
    fastify: variant(() => fastify(finder(), '/users')),
    express: variant(() => express(finder(), '/users')),
  },
  rows: [
    {
      what: 'server: a page of 20, the same work',
      to: byHand,
      operation: 'page',
      goal: { speed: 0.8 },
      without: ['fastify', 'express', node],
    },
    { what: 'server: a page of 20 by RQL', to: node, operation: 'page', goal: { speed: 0.8 }, ahead: ['express'] },
  ],
}
