import { expect } from 'chai'
import { audit, restrictive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { refused } from '../../refusal.js'
import { loose } from './tasks.js'

/** Who has it can put something in, and learns nothing of what is there. */
function dropBox(rules: object = {}) {
  const Letter = Model(memory({ objects: [{ id: 'first', text: 'secret', at: 1 }] }), {
    properties: { text: String, at: Number, read: { type: 'boolean', default: false } },
    required: ['text'],
  })
  const methods = { get: false, query: false, count: false, add: true }
  return { Letter, box: loose(restrictive(Letter, { methods, ...rules } as never)) }
}

describe('a drop box', () => {
  it('has add and nothing else', async () => {
    const { box } = dropBox()
    expect(Object.keys(box)).to.deep.equal(['add'])
    expect(audit(box)).to.deep.include({ methods: ['add'], prototype: [], operators: [], links: {} })
  })

  it('gives of what was added the id, and an object that can do nothing', async () => {
    const { Letter, box } = dropBox({ properties: { at: { default: () => 5, writable: false } } })
    const receipt = await box.add({ text: 'hello' })
    expect(Object.keys(receipt)).to.deep.equal(['id'])
    expect(Object.getOwnPropertyNames(Object.getPrototypeOf(receipt))).to.deep.equal([])
    expect(await Letter.get(receipt.id)).to.include({ text: 'hello', at: 5, read: false })
    await refused(() => box.add({ text: 'hello', at: 1 }), 'ValidationError', 'at cannot be written here')
    await refused(() => box.add({}), 'ValidationError', 'text')
  })

  it('does not tell by failure which ids there are', async () => {
    const { box } = dropBox({ where: 'read=false' })
    const first = await refused(() => box.add({ id: 'first', text: 'x' }), 'NotAllowedError')
    const other = await refused(() => box.add({ id: 'none', text: 'x' }), 'NotAllowedError')
    expect(first.message).to.equal(other.message)
  })

  it('may be full, and may be slow', async () => {
    const full = dropBox({ max: 2 }).box
    await full.add({ text: 'x' })
    await refused(() => full.add({ text: 'x' }), 'QuotaExceededError', 'there may be 2 objects here')
    const slow = dropBox({ rate: { max: 1, ttl: 1000 }, now: () => 0 }).box
    await slow.add({ text: 'x' })
    await refused(() => slow.add({ text: 'x' }), 'QuotaExceededError', 'there may be 1 calls in 1000 ms')
  })
})

describe('a mail slot', () => {
  it('puts under an id that is known, and shows no more than that', async () => {
    const { Letter } = dropBox()
    const slot = loose(
      restrictive(Letter, {
        methods: { get: false, query: false, count: false, put: true, delete: true },
        reveals: ['id'],
      }),
    )
    expect(Object.keys(slot)).to.deep.equal(['put', 'delete'])
    const receipt = await slot.put({ id: 'first', text: 'over' })
    expect({ ...receipt }).to.deep.equal({ id: 'first' })
    expect(Object.getOwnPropertyNames(Object.getPrototypeOf(receipt))).to.deep.equal(['save', 'delete'])
    expect((await Letter.get('first'))?.text).to.equal('over')
    expect(await slot.delete('first')).to.equal(true)
  })
})
