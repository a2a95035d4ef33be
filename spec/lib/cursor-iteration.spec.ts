import { expect } from 'chai'
import { cursor } from '../../lib/cursor.js'
import { ask, asking, ids, type Person, people, rejected } from './asking.js'

describe('cursor, iterated', () => {
  it('iterates what comes later', async () => {
    const slow = cursor<Person>(
      async function* () {
        for (const person of people) yield person
      },
      async () => 3,
    )
    expect(await ids(slow)).to.equal('1,2,3')
    expect((await slow.first())?.id).to.equal(1)
    expect(await slow.count()).to.equal(3)
  })

  it('leaves the answer when it is left', async () => {
    let left = false
    function* answer() {
      try {
        yield* people
      } finally {
        left = true
      }
    }
    for await (const person of cursor<Person>(answer, () => 3)) if (person.id === 1) break
    expect(left).to.equal(true)
  })

  it('ends with the reason of the signal', async () => {
    const reason = new Error('enough')
    const aborted = AbortSignal.abort(reason)
    const { query, asked } = asking('', { signal: aborted })
    expect(await rejected(query.toArray())).to.equal(reason)
    expect(await rejected(query.first())).to.equal(reason)
    expect(await rejected(query.count())).to.equal(reason)
    expect(await rejected(query.sum('age'))).to.equal(reason)
    const iterated = async () => {
      for await (const _ of query.sort('id')) expect.fail('nothing is to be given')
    }
    expect(await rejected(iterated())).to.equal(reason)
    expect(asked).to.deep.equal([])
  })

  it('ends with the reason of a signal that comes in between', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const seen: number[] = []
    const iterated = async () => {
      for await (const { id } of ask('', { signal: controller.signal })) {
        seen.push(id)
        controller.abort(reason)
      }
    }
    expect(await rejected(iterated())).to.equal(reason)
    expect(seen).to.deep.equal([1])
  })

  it('passes the signal on to the store, and no parameters', async () => {
    const { signal } = new AbortController()
    const { query, asked } = asking('id=$1', { signal, parameters: [1], start: 0 })
    await query.toArray()
    await query.count()
    expect(asked).to.deep.equal([
      ['query', { signal, start: 0 }],
      ['count', { signal }],
    ])
  })
})
