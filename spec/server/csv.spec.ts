/** Tables of commas: what goes out comes in again. */
import { expect } from 'chai'
import { memory } from '../../index.js'
import { permissive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { handler } from '../../server/handler.js'
import { newSeed, random } from '../oracle/random.js'
import { anyModel, asking } from './world.js'

const csv = { accept: 'text/csv' }

describe('server: CSV', () => {
  it('has a column for what any object holds, by whatever name', async () => {
    const objects: object[] = [{ id: 'a', n: 1 }, { id: 'b', constructor: 'x', toString: 'y' }, { id: 'c' }]
    const ask = asking({ any: permissive(anyModel(objects)) })
    const lines = (await ask('GET', '/any', undefined, csv)).text.split('\r\n')
    expect(lines).to.deep.equal(['id,n,constructor,toString', 'a,1,,', 'b,,x,y', 'c,,,', ''])
    expect((await ask('GET', '/any?select(id,n)', undefined, csv)).text).to.equal('id,n\r\na,1\r\nb,\r\nc,\r\n')
  })

  it('refuses a header that names two columns alike, or one not at all', async () => {
    const ask = asking({ any: permissive(anyModel()) })
    for (const header of ['id,id', 'id,']) {
      const answer = await ask('POST', '/any', `${header}\na,b\n`, { 'content-type': 'text/csv' })
      expect([answer.status, answer.json.stored], header).to.deep.equal([400, 0])
    }
  })

  it('and NDJSON may have lines as long as a body, and no longer, however they are cut', async () => {
    const body = 100
    for (const [type, head] of [
      ['application/x-ndjson', '{"id":"a","t":"'],
      ['text/csv', 'id,t\na,"'],
    ] as const) {
      const end = type === 'text/csv' ? '"\n' : '"}\n'
      const row = head.split('\n').at(-1) as string
      // in CSV the end of a line counts, where it may be a part of the text; in JSON the brace
      const most = body - row.length - 2
      for (const [length, status] of [
        [most, 200],
        [most + 1, 413],
      ] as const) {
        for (const size of [1, 1000]) {
          const bytes = new TextEncoder().encode(`${head}${'x'.repeat(length)}${end}`)
          const source = new ReadableStream<Uint8Array>({
            start(controller) {
              for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
              controller.close()
            },
          })
          const init = { method: 'POST', headers: { 'content-type': type }, body: source, duplex: 'half' as const }
          const handle = handler({ any: permissive(anyModel()) }, { limits: { body } })
          const answer = await handle(new Request('http://x/any', init))
          expect(answer.status, `${type} ${length} ${size}`).to.equal(status)
        }
      }
    }
  })

  it('and NDJSON give values of every type back', async () => {
    const seed = newSeed()
    const chance = random(seed)
    const texts = [
      '',
      ' ',
      '"',
      '""',
      ',',
      '\n',
      '\r',
      'a\r\nb',
      ' a',
      'a ',
      'true',
      '1',
      'null',
      '[1]',
      '\ufeff',
      '\0',
      '“é😀',
    ]
    const values: Record<string, readonly unknown[]> = {
      s: texts,
      'a,"\n': texts,
      n: [0, 1.5, -1e-7, 1e21, 5e-324],
      b: [true, false],
      d: [new Date(0), new Date(-1), new Date('9999-12-31T23:59:59.999Z')],
      g: [0n, -(10n ** 40n)],
      y: [new Uint8Array(), new Uint8Array([0, 255])],
      a: [[], [1, 'x,"\n'], [[null]]],
      o: [{}, { at: 'x\n"', list: [{}] }],
    }
    const properties = { id: String, s: String, 'a,"\n': String, n: Number, b: Boolean, d: Date, g: { type: 'bigint' } }
    const more = { y: Uint8Array, a: { type: 'array' }, o: { type: 'object' } }
    const made = (objects: object[]) => {
      const store = memory({ objects } as object) as unknown as { get(id: string): object }
      const Any = Model(store as never, { properties: { ...properties, ...more } as never })
      return { store, ask: asking({ any: permissive(Any) }) }
    }
    const objects = Array.from({ length: 25 }, (_, n) => {
      const held = Object.entries(values).filter(() => chance.chance(0.5))
      return { id: `n${n}`, ...Object.fromEntries(held.map(([name, from]) => [name, chance.pick(from)])) }
    })
    for (const type of ['text/csv', 'application/x-ndjson']) {
      const target = made([])
      const { text } = await made(objects).ask('GET', '/any', undefined, { accept: type })
      const answer = await target.ask('POST', '/any', text, { 'content-type': type })
      expect(answer.text, `${type}, SEED=${seed}`).to.equal(`{"count":${objects.length}}`)
      for (const object of objects) expect(target.store.get(object.id), `SEED=${seed}`).to.deep.equal(object)
    }
  })
})
