import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { etag } from '../../lib/etag.js'

describe('etag', () => {
  const object = { id: 7, name: 'Zoë', list: [1, { b: 2n, a: new Date(5) }], __proto__: null }

  it('is a hash of the extended JSON, with the names in order, of which anybody can say how it is made', () => {
    const hash = createHash('sha256').update('{"a":[1,"x"],"b":{}}').digest('hex')
    expect(etag({ b: {}, a: [1, 'x'] })).to.equal(`"${hash.slice(0, 32)}"`)
  })

  it('is the same for equal objects, and another for others', () => {
    const { id, ...rest } = object
    expect(etag({ ...rest, id })).to.equal(etag(object))
    expect(etag({ ...object, id: '7' })).not.to.equal(etag(object))
  })

  it('is the same where the platform has no hash that answers at once', () => {
    const program = `
      delete process.getBuiltinModule
      const { etag } = await import(${JSON.stringify(new URL('../../lib/etag.ts', import.meta.url))})
      console.log(etag({ b: 'Zoë', a: [1] }))`
    const args = ['--import', '@oxc-node/core/register', '--input-type=module', '--eval', program]
    const said = execFileSync(process.execPath, args, { encoding: 'utf8' })
    expect(said.trim()).to.equal(etag({ a: [1], b: 'Zoë' }))
  })
})
