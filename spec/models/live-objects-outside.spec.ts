import { mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { changes, live, undo } from '../../models/live.js'
import { folder } from '../stores/json-file/folder.js'

class Person {
  name = ''
  age = 0
}

const options = { key: 'name', lookEvery: 0 } as const

describe('live objects, changed by others', () => {
  const files = folder()
  const object = (name: string) => JSON.parse(readFileSync(files.path(`data/${name}.json`), 'utf8'))
  const open = (more: object = {}) => live(Person, files.path('data'), { ...options, ...more })

  it('sees what an editor does, in the object and in its history', async () => {
    const store = await open()
    const ada = store.add({ name: 'ada', age: 36 })
    await store.flush()
    const told = store.subscribe()[Symbol.asyncIterator]()
    writeFileSync(files.path('data/ada.json'), '{ "name": "ada", "age": 37 }')
    const { value } = await told.next()
    expect([value.external, value.path, value.previous, value.next, ada.age]).to.deep.equal([true, ['age'], 36, 37, 37])
    writeFileSync(files.path('data/bob.json'), '{ "age": 1 }')
    expect((await told.next()).value).to.include({ kind: 'add', key: 'bob', external: true })
    unlinkSync(files.path('data/bob.json'))
    expect((await told.next()).value).to.include({ kind: 'delete', key: 'bob', external: true })
    expect([undo(ada), ada.age, store.has('bob'), store.undo('bob'), store.get('bob')?.age]).to.deep.equal([
      1,
      36,
      false,
      1,
      1,
    ])
    await store.close()
    expect([object('ada').age, object('bob').age]).to.deep.equal([36, 1])
  })

  it('sees what an editor did while nobody looked', async () => {
    const store = await open()
    store.add({ name: 'ada', age: 36 })
    store.add({ name: 'bob', age: 1 })
    await store.close()
    writeFileSync(files.path('data/ada.json'), '{ "name": "ada", "age": 37 }')
    unlinkSync(files.path('data/bob.json'))
    const again = await open()
    const ada = again.get('ada') as Person
    expect(changes(ada).map(({ external, next }) => external && next)).to.deep.equal([undefined, 37])
    expect([undo(ada), ada.age, again.undo('bob'), again.size]).to.deep.equal([1, 36, 1, 2])
    await again.close()
    const last = await open()
    expect([last.get('ada')?.age, last.changes('bob').length, last.changes('ada').length]).to.deep.equal([36, 3, 3])
    await last.close()
  })

  it('loses neither its own changes nor those of an editor', async () => {
    const store = await open({ saveOnChange: false })
    const ada = store.add({ name: 'ada', age: 36 })
    await store.commitAll()
    ada.age = 40
    writeFileSync(files.path('data/ada.json'), '{ "name": "ada", "age": 37, "note": "edited" }')
    await store.commitAll()
    expect({ ...ada }).to.deep.equal({ name: 'ada', age: 40, note: 'edited' })
    expect(object('ada')).to.deep.equal({ name: 'ada', age: 40, note: 'edited' })
    await store.close()
  })

  it('keeps what an editor put under a key that is new here too', async () => {
    const store = await open({ saveOnChange: false })
    const ada = store.add({ name: 'ada', age: 36 })
    writeFileSync(files.path('data/ada.json'), '{ "age": 1, "note": "edited" }')
    await store.commitAll()
    expect({ ...ada }).to.deep.equal({ name: 'ada', age: 36, note: 'edited' })
    expect(object('ada')).to.deep.equal({ name: 'ada', age: 36, note: 'edited' })
    await store.close()
  })

  it('reads a file that came from elsewhere, with its history, and writes it', async () => {
    mkdirSync(files.path('data'))
    const given = {
      name: 'DENIS',
      age: 33,
      __key__: 'denis',
      __changes__: [
        { __key__: 'denis', prop_name: 'age', prev_val: 32, new_val: 33, date: '2024-08-28T19:04:12.840353' },
      ],
    }
    writeFileSync(files.path('data/denis.json'), JSON.stringify(given))
    const store = await live(Person, files.path('data'), { key: x => x.name, history: 'inline', lookEvery: 0 })
    const denis = store.get('denis') as Person
    expect([denis.age, undo(denis), denis.age, denis.name]).to.deep.equal([33, 1, 32, 'DENIS'])
    await store.close()
    const { __changes__: kept, ...data } = object('denis')
    expect(data).to.deep.equal({ name: 'DENIS', age: 32, __key__: 'denis' })
    expect(kept.map((each: { new_val: unknown }) => each.new_val)).to.deep.equal([33, 32])
  })
})
