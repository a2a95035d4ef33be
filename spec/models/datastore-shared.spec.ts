import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { child } from '../child.js'
import { opening } from './datastore/open.js'

const times = process.env.GATE ? 2000 : 50

describe('datastore, several processes', () => {
  const { open, path } = opening()
  const shared = () => open({ shared: true })

  it(`4 processes add ${times} times each to one document: ${4 * times} exactly`, async () => {
    const adders = Array.from({ length: 4 }, () => child('models/datastore/adder.ts', path(''), `${times}`))
    for (const [code] of await Promise.all(adders.map(each => once(each, 'exit')))) expect(code).to.equal(0)
    expect(await (await open()).getItem('counter')).to.deep.equal({ _rev: 4 * times - 1, n: 4 * times })
  }).timeout(300_000)

  it('what one has written the others see, in views too, and none goes back behind a deletion', async () => {
    const [one, two] = [await shared(), await shared()]
    two.setView('n', { map: (document, emit) => emit(document.n) })
    const old = await one.setItem('a', { n: 1 })
    expect(await two.getItem('a')).to.deep.equal({ _rev: 0, n: 1 })
    const changes = two.subscribe()[Symbol.asyncIterator]()
    await two.queryView('n')
    await one.updateItem('a', document => ({ ...document, n: 2 }))
    await changes.next()
    expect((await two.queryView('n')).items).to.deep.equal([{ key: 2, value: null, documentKey: 'a' }])
    expect((await two.queryKeys({ includeDocuments: true })).items[0]?.document).to.deep.equal({ _rev: 1, n: 2 })
    await one.deleteItem('a')
    expect(await two.getItem('a')).to.equal(null)
    expect(await two.setItem('a', old).catch(error => error.code)).to.equal('CONFLICT')
    expect(await two.setItem('a', { n: 3 })).to.deep.equal({ _rev: 2, n: 3 })
    expect(await one.getItem('a')).to.deep.equal({ _rev: 2, n: 3 })
  })

  it('keeps what was acknowledged, and every count, when it is killed', async () => {
    const killed = child('models/datastore/adder.ts', path(''), '100000', 'mine')
    const lines = createInterface({ input: killed.stdout })
    await once(lines, 'line')
    const datastore = await shared()
    const seen = new Promise<number>(resolve => {
      void (async () => {
        for await (const { document } of datastore.subscribe({ key: 'mine' }))
          if ((document?.n ?? 0) > 20) resolve(document?.n ?? 0)
      })()
    })
    const n = await seen
    killed.kill('SIGKILL')
    await once(killed, 'close')
    const document = await datastore.getItem('mine')
    expect(document?.n).to.be.at.least(n)
    expect(document?._rev).to.equal((document?.n ?? 0) - 1)
    expect(datastore.loadErrors).to.deep.equal([])
  }).timeout(30_000)
})
