import { expect } from 'chai'
import { explain, introduce } from '../../lib/explain.js'
import { idPropertyOf } from '../../lib/id-property.js'
import type { Data } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { aggregate } from '../../wrappers/aggregate.js'
import { batched } from '../../wrappers/batched.js'
import { cache } from '../../wrappers/cache.js'
import { expires } from '../../wrappers/expires.js'
import { fullText } from '../../wrappers/full-text.js'
import { history } from '../../wrappers/history.js'
import { inherited } from '../../wrappers/inherited.js'
import { replicated } from '../../wrappers/replicated.js'
import { revisions } from '../../wrappers/revisions.js'
import { transactional } from '../../wrappers/transactional.js'
import { views } from '../../wrappers/views.js'
import { writeBehind } from '../../wrappers/write-behind.js'
import { all, refused } from '../conformance/case.js'
import { bare } from '../wrappers/transactional/bare.js'

/** A store that says by which property it names its objects. */
const keyed = (objects: readonly Data[] = []) =>
  introduce(memory<Data, string>({ idProperty: 'key', objects }), { name: 'keyed', idProperty: 'key' })

describe('the property that holds the id', () => {
  it('is what the store says, through what is around it, or what the caller says', () => {
    expect(idPropertyOf(revisions(cache(keyed(), { max: 1 })), undefined)).to.equal('key')
    expect(idPropertyOf(keyed(), 'key')).to.equal('key')
    const silent = { get: () => undefined }
    expect([idPropertyOf(silent, undefined), idPropertyOf(silent, 'name')]).to.deep.equal(['id', 'name'])
    expect(explain(silent).idProperty).to.equal(undefined)
    expect(idPropertyOf(aggregate([{ store: keyed() }], { idProperty: 'name' }), undefined)).to.equal('name')
    expect(() => revisions(keyed(), { idProperty: 'id' })).to.throw(TypeError, 'as key, not as id')
  })

  it('is learnt by what looks before it writes', async () => {
    const counted = revisions(keyed())
    for (const n of [1, 2, 3]) counted.put({ key: 'a', n })
    expect(await counted.revision('a')).to.equal(2)
    const recorded = history(keyed(), { log: memory() })
    for (const n of [1, 2]) await recorded.put({ key: 'a', n })
    expect(Array.from(recorded.changes('a'), ({ type }) => type)).to.deep.equal(['add', 'put'])
    let time = 0
    const brief = expires(keyed(), { ttl: 1, now: () => time })
    brief.put({ key: 'a' })
    time = 1
    expect(await brief.sweep()).to.equal(1)
    const pets = keyed()
    const [dog, cat] = [inherited(pets, { type: 'dog' }), inherited(pets, { type: 'cat' })]
    dog.put({ key: 'a' })
    await refused(() => cat.put({ key: 'a' }), 'ConstraintError')
  })

  it('is learnt by what indexes, gathers and holds back', async () => {
    const viewed = await views(keyed([{ key: 'a', n: 1 }]), { byN: { map: (object, emit) => emit(object.n) } })
    viewed.put({ key: 'b', n: 2 })
    expect(viewed.view('byN').rows.map(({ id }) => id)).to.deep.equal(['a', 'b'])
    const texts = await fullText(keyed([{ key: 'a', text: 'kelp' }]), { fields: ['text'] })
    expect(Array.from(texts.search('kelp'), ({ id }) => id)).to.deep.equal(['a'])
    const gathered = batched(keyed([{ key: 'a' }, { key: 'b' }]))
    expect(await Promise.all([gathered.get('a'), gathered.get('b')])).to.deep.equal([{ key: 'a' }, { key: 'b' }])
    const later = writeBehind(keyed())
    await later.put({ key: 'a' })
    await later.flush()
    expect([...later.query()]).to.deep.equal([{ key: 'a' }])
    const whole = transactional(introduce(bare(memory({ idProperty: 'key' })), { name: 'keyed', idProperty: 'key' }))
    const tx = await whole.transaction()
    await tx.put?.({ key: 'a' })
    await tx.commit()
    expect(await all(whole)).to.deep.equal([{ key: 'a' }])
    const copy = keyed()
    await replicated(keyed([{ key: 'a' }]), { copy }, { log: memory() }).settled()
    expect(copy.get('a')).to.deep.equal({ key: 'a' })
    const parts = aggregate([{ store: keyed() }, { store: memory(), properties: ['n'] }])
    await parts.put({ id: 'a', n: 1, m: 2 })
    expect(await all(parts)).to.deep.equal([{ id: 'a', m: 2, n: 1 }])
  })
})
