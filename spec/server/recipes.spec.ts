/** The handler within the frameworks of others, as the documentation shows it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { expect } from 'chai'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { handler } from '../../server/handler.js'
import { facets } from './world.js'

async function tried(url: string): Promise<void> {
  const json = { 'content-type': 'application/json' }
  expect(await (await fetch(`${url}/people/1`)).json()).to.include({ name: 'Ada' })
  const put = await fetch(`${url}/people/1`, { method: 'PUT', headers: json, body: '{"name":"Ida"}' })
  expect([put.status, await put.json()]).to.deep.equal([200, { id: 1, name: 'Ida' }])
  const added = await fetch(`${url}/people`, { method: 'POST', headers: json, body: '{"name":"Zoe"}' })
  expect(added.headers.get('location')).to.equal('people/100')
  expect((await fetch(`${url}/people/100`, { method: 'DELETE' })).status).to.equal(204)
  const lines = await fetch(`${url}/people?age>20`, { headers: { accept: 'application/x-ndjson' } })
  expect((await lines.text()).trim().split('\n')).to.have.length(1)
  const leaving = new AbortController()
  const stream = await fetch(`${url}/people/$changes`, { signal: leaving.signal })
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).to.include('id: live')
  leaving.abort()
  expect((await fetch(`${url}/nobody`)).status).to.equal(404)
}

describe('server: recipes', () => {
  const handle = () => handler(facets(), { base: '/api' })

  it('Hono', async () => {
    const serve = handle()
    const app = new Hono()
    app.all('/api/*', context => serve(context.req.raw))
    const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    await tried(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api`)
    await new Promise(resolve => server.close(resolve).closeAllConnections())
  })

  it('Express', async () => {
    const express = createRequire(import.meta.url)('express')
    const app = express()
    const inner = handle()
    const serve = getRequestListener(request => inner(request), { overrideGlobalObjects: false })
    app.use('/api', (request: IncomingMessage & { originalUrl: string }, response: ServerResponse) => {
      // Express takes the mount point away
      request.url = request.originalUrl
      return serve(request, response)
    })
    const server = createServer(app)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    await tried(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api`)
    await new Promise(resolve => server.close(resolve).closeAllConnections())
  })

  it('Fastify', async () => {
    const app = fastify({ forceCloseConnections: true })
    const inner = handle()
    const serve = getRequestListener(request => inner(request), { overrideGlobalObjects: false })
    await app.register(async scope => {
      // the handler reads bodies itself
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _body, done) => done(null))
      scope.all('/api/*', (request, reply) => {
        reply.hijack()
        return serve(request.raw, reply.raw)
      })
    })
    await tried(`${await app.listen({ port: 0, host: '127.0.0.1' })}/api`)
    await app.close()
  })
})
