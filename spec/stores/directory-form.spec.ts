import { readdirSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { transaction } from '../../lib/transaction.js'
import { directory, type Form } from '../../stores/directory.js'
import { folder } from './json-file/folder.js'

/** The id is that of the name only, and what is there lies in `inner`. */
const form: Form = {
  print: object => (object as { inner: object }).inner,
  read: (value, id) => ({ id, inner: value }),
}

describe('directory, the form of a file', () => {
  const { path, text } = folder()
  const open = () => directory({ path: path('data'), form })

  it('is as it is wanted, and what is read is the object', async () => {
    const store = await open()
    await store.put({ id: 'a', inner: { id: 'other', n: 1n } })
    await transaction(store, async tx => {
      await tx.put({ id: 'b', inner: {} })
      await tx.put({ id: 'c', inner: { $date: 'no' } })
    })
    expect(text('data/a.json')).to.equal('{\n  "id": "other",\n  "n": {\n    "$bigint": "1"\n  }\n}\n')
    writeFileSync(path('data/d.json'), '{ "n": 1 }')
    writeFileSync(path('data/e.json'), '[]')
    writeFileSync(path('data/f.json'), '{ "$date": "2026-01-31T12:00:00.000Z" }')
    await store.close()
    const again = await open()
    expect(await again.get('a')).to.deep.equal({ id: 'a', inner: { id: 'other', n: 1n } })
    expect(await again.get('c')).to.deep.equal({ id: 'c', inner: { $date: 'no' } })
    expect(await again.get('d')).to.deep.equal({ id: 'd', inner: { n: 1 } })
    expect((await again.problems()).map(({ name }) => name)).to.deep.equal(['e.json', 'f.json'])
    await again.put({ id: 'a', inner: {} })
    await again.close()
  })

  it('where the name holds but a hash of the id, the object stands there as it is', async () => {
    const id = 'long '.repeat(100)
    const store = await open()
    await store.put({ id, inner: { n: 1 } })
    const [name] = readdirSync(path('data'))
    expect(JSON.parse(text(`data/${name}`))).to.deep.equal({ id, inner: { n: 1 } })
    await store.close()
    const again = await open()
    expect(await again.get(id)).to.deep.equal({ id, inner: { n: 1 } })
    await again.close()
  })
})
