import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { type Browser, chromium, type Page } from 'playwright-core'
import { permissive } from '../../models/facet.js'
import { modelWith } from '../../models/model.js'
import { type Listening, listen } from '../../server/listen.js'
import { memory } from '../../stores/memory.js'
import { say } from '../say.js'
import { servePage } from './remote-page.js'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(path => existsSync(path))

/** What the page has. */
declare const remote: typeof import('../../stores/remote.js').remote
declare const transaction: typeof import('../../lib/transaction.js').transaction

describe('remote in a browser', function () {
  this.timeout(60_000)
  if (!executablePath) {
    it('is skipped', () =>
      say('remote in a browser: skipped, as there is no /usr/bin/chromium (Debian package chromium)'))
    return
  }
  let browser: Browser
  let page: Page
  let files: Awaited<ReturnType<typeof servePage>>
  let server: Listening
  let api: string
  const Model = modelWith(() => memory())

  before(async () => {
    files = await servePage()
    const origin = new URL(files.url).origin
    server = await listen({ things: permissive(Model(memory(), {}) as object) }, { cors: { origins: [origin] } })
    api = new URL('/things', server.url).href
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    await page.goto(files.url)
    await page.waitForFunction('window.remote')
  })
  after(async () => {
    await browser?.close()
    await server?.close()
    files?.close()
  })

  it('puts, gets, queries, counts, deletes, across origins', async () => {
    const given = await page.evaluate(async api => {
      const things = remote(api)
      const at = new Date(5)
      await things.put({ id: 'a/b', at, big: 12n, bytes: Uint8Array.of(1, 2) })
      const id = await things.add({ n: 1 })
      const got = await things.get('a/b')
      const listed: unknown[] = []
      for await (const each of things.query('sort(-n)&limit(1)')) listed.push(each.n)
      const equal = got?.at instanceof Date && got.big === 12n && got.bytes instanceof Uint8Array
      const end = [await things.count(), await things.delete(id), await things.delete(id), await things.get(id)]
      return { equal, listed, end: end.map(String), text: typeof id }
    }, api)
    expect(given).to.deep.equal({ equal: true, listed: [1], end: ['2', 'true', 'false', 'undefined'], text: 'string' })
  })

  it('follows changes, and commits transactions', async () => {
    const given = await page.evaluate(async api => {
      const things = remote(api)
      const changes = things.subscribe('n>0')[Symbol.asyncIterator]()
      await transaction(things, async tx => {
        await tx.put({ id: 'n', n: 1 })
        await tx.put({ id: 'm', n: ((await tx.get('n'))?.n as number) + 1 })
      })
      const ids = [(await changes.next()).value?.id, (await changes.next()).value?.id]
      await things.close()
      return [...ids, (await changes.next()).done]
    }, api)
    expect(given).to.deep.equal(['n', 'm', true])
  })

  it('tells errors by their names, and when nobody knows', async () => {
    const given = await page.evaluate(async api => {
      const things = remote(api, { retry: 0 })
      const name = (work: Promise<unknown>) => work.then(String, error => error.name)
      await things.put({ id: 'x', n: 1 })
      return Promise.all([
        name(things.add({ id: 'x' })),
        name(things.put({ id: 'x' }, { ifMatch: { id: 'x' } })),
        name(things.put({ id: 'x', n: 2 }, { ifMatch: { id: 'x', n: 1 } })),
        name(remote('http://127.0.0.1:1/things', { retry: 0 }).put({ id: 'x' })),
      ])
    }, api)
    expect(given).to.deep.equal(['ConstraintError', 'PreconditionFailedError', 'x', 'OutcomeUnknownError'])
  })
})
