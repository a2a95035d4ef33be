import { expect } from 'chai'
import { restrictive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { handler } from '../../server/handler.js'
import { memory } from '../../stores/memory.js'

describe('server: facets per request', () => {
  it('are there or not, for who asks', async () => {
    const notes = restrictive(Model(memory({ objects: [{ id: 'a' }] }), {}))
    const handle = handler(request => ({ notes: request.headers.get('authorization') ? notes : undefined }))
    const statusOf = async (headers: Record<string, string>) =>
      (await handle(new Request('http://localhost/notes/a', { headers }))).status
    expect(await statusOf({})).to.equal(404)
    expect(await statusOf({ authorization: 'me' })).to.equal(200)
  })
})
