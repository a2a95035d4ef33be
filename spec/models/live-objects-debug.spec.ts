import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { followChanges, readChanges, renderChange, undoKey } from '../../models/live/debug.js'
import { live } from '../../models/live.js'
import { folder } from '../stores/json-file/folder.js'

class Person {
  name = ''
  age = 0
  tags: string[] = []
}

describe('live objects, looked at from outside', () => {
  const files = folder()
  const path = () => files.path('data')

  for (const history of [true, 'inline'] as const) {
    for (const key of ['name', (person: Person) => person.name] as const) {
      const how = `history: ${history}, ${typeof key === 'string' ? 'a property as key' : 'a function as key'}`

      it(`reads what happened while a program has it open, and undoes it afterwards: ${how}`, async () => {
        const open = () => live(Person, path(), { key, history, lookEvery: 0, actor: () => 'ann' })
        const store = await open()
        const ada = store.add({ name: 'ada' })
        ada.age = 1
        ada.tags.push('x')
        await store.flush()
        const files = readdirSync(path())
        const changes = await readChanges(path())
        expect(changes.map(({ kind, key, path, actor }) => [kind, key, path.join('.'), actor])).to.deep.equal([
          ['add', 'ada', '', 'ann'],
          ['update', 'ada', 'age', 'ann'],
          ['update', 'ada', 'tags.0', 'ann'],
        ])
        expect(readdirSync(path())).to.deep.equal(files)
        expect(await readChanges(path(), { key: 'ada', limit: 1, since: 1 })).to.deep.equal(changes.slice(-1))
        expect(await readChanges(path(), { key: 'nobody' })).to.deep.equal([])
        const inUse = await undoKey(path(), 'ada').catch(error => error)
        expect(isStoreError(inUse, 'InvalidStateError'), String(inUse)).to.equal(true)
        await store.close()

        expect(await undoKey(path(), 'ada', { steps: 2, actor: 'bob' })).to.equal(2)
        const back = await open()
        expect({ ...back.get('ada') }).to.deep.equal({ name: 'ada', age: 0, tags: [] })
        await back.close()
        expect(await undoKey(path(), 'ada', { redo: true, steps: 9 })).to.equal(2)
        expect((await readChanges(path())).map(({ actor }) => actor)).to.deep.equal([
          'ann',
          'ann',
          'ann',
          'bob',
          'bob',
          undefined,
          undefined,
        ])
        const unknown = await undoKey(path(), 'nobody').catch(error => error)
        expect(isStoreError(unknown, 'NotFoundError'), String(unknown)).to.equal(true)
      })
    }
  }

  it('follows what happens', async () => {
    const store = await live(Person, path(), { key: 'name', lookEvery: 0 })
    const ada = store.add({ name: 'ada' })
    await store.flush()
    const stop = new AbortController()
    const following = followChanges(path(), { signal: stop.signal, since: 0 })
    const first = await following.next()
    const next = following.next()
    ada.age = 5
    await store.flush()
    expect([first.value?.kind, (await next).value?.next]).to.deep.equal(['add', 5])
    const none = following.next()
    stop.abort()
    expect((await none).done).to.equal(true)
    await store.close()
    const later = followChanges(path())
    const coming = later.next()
    await undoKey(path(), 'ada')
    expect((await coming).value).to.include({ undoes: 2, next: 0 })
    await later.return(undefined)
  })

  it('shows a change as a diff, and nothing that a terminal obeys', () => {
    const date = new Date('2026-11-21T20:15:03Z')
    const change = { sequence: 3, kind: 'update', key: 'denis', path: ['age'], previous: 32, next: 33, date } as const
    expect(renderChange({ ...change, actor: 'ann' })).to.equal('denis · age · 2026-11-21 20:15:03 · by ann\n- 32\n+ 33')
    expect(renderChange(change, { color: true })).to.contain('\u001b[31m- 32\u001b[39m\n\u001b[32m+ 33\u001b[39m')
    const tags = renderChange({ ...change, path: ['tags'], previous: ['a', 'b', 'c'], next: ['a', 'x', 'c'] })
    expect(tags.split('\n').slice(1)).to.deep.equal(['-   "b",', '+   "x",'])
    expect(
      renderChange({ ...change, key: 'a\u001b[2Jb\u202e', path: [], kind: 'delete', previous: {}, undoes: 2 }),
    ).to.match(/^a\\u001b\[2Jb\\u202e · delete · .* · undoes 2\n- \{\}/)
  })
})
