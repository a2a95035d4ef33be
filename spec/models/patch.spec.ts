import { isDeepStrictEqual } from 'node:util'
import { expect } from 'chai'
import { etag } from '../../lib/etag.js'
import { transaction } from '../../lib/transaction.js'
import { copy, equal } from '../../lib/value.js'
import { jsonPatch } from '../../models/model/patch/json-patch.js'
import { mergePatch } from '../../models/model/patch/merge-patch.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { refusal } from './refusals.js'
import { writable } from './writable.js'

describe('a JSON Merge Patch', () => {
  // RFC 7396, appendix A: the original, the patch, the result
  const cases: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ]
  for (const [original, patch, result] of cases) {
    it(`${JSON.stringify(original)} with ${JSON.stringify(patch)} becomes ${JSON.stringify(result)}`, () => {
      expect(mergePatch(copy(original), patch)).to.deep.equal(result)
    })
  }
})

describe('a JSON Patch', () => {
  // RFC 6902, appendix A: the document, the patch, the result or the error
  const cases: readonly (readonly [string, unknown, readonly unknown[], unknown])[] = [
    ['A.1', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
    ['A.2', { foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
    ['A.3', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    ['A.4', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
    ['A.5', { baz: 'qux', foo: 'bar' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo', foo: 'bar' }],
    [
      'A.6',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'A.7',
      { foo: ['all', 'grass', 'cows', 'eat'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['all', 'cows', 'eat', 'grass'] },
    ],
    [
      'A.8',
      { baz: 'qux', foo: ['a', 2, 'c'] },
      [
        { op: 'test', path: '/baz', value: 'qux' },
        { op: 'test', path: '/foo/1', value: 2 },
      ],
      { baz: 'qux', foo: ['a', 2, 'c'] },
    ],
    ['A.9', { baz: 'qux' }, [{ op: 'test', path: '/baz', value: 'bar' }], 'PreconditionFailedError'],
    [
      'A.10',
      { foo: 'bar' },
      [{ op: 'add', path: '/child', value: { grandchild: {} } }],
      { foo: 'bar', child: { grandchild: {} } },
    ],
    ['A.11', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 }], { foo: 'bar', baz: 'qux' }],
    ['A.12', { foo: 'bar' }, [{ op: 'add', path: '/baz/bat', value: 'qux' }], 'DataError'],
    ['A.14', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
    ['A.15', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: '10' }], 'PreconditionFailedError'],
    [
      'A.16',
      { foo: ['bar'] },
      [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
      { foo: ['bar', ['abc', 'def']] },
    ],
    // and beyond the appendix
    ['the whole', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    ['copy of the whole', { a: 1 }, [{ op: 'copy', from: '', path: '/b' }], { a: 1, b: { a: 1 } }],
    ['removal of the whole', { a: 1 }, [{ op: 'remove', path: '' }], 'DataError'],
    ['a move into itself', { a: { b: 1 } }, [{ op: 'move', from: '/a', path: '/a/b' }], 'DataError'],
    ['a move to where it is', { a: 1, b: 2 }, [{ op: 'move', from: '/a', path: '/a' }], { a: 1, b: 2 }],
    ['a position beyond', { a: [1] }, [{ op: 'add', path: '/a/2', value: 1 }], 'DataError'],
    ['a position of another form', { a: [1] }, [{ op: 'replace', path: '/a/00', value: 1 }], 'DataError'],
    ['a position that is none', { a: [1] }, [{ op: 'remove', path: '/a/length' }], 'DataError'],
    ['removal at the end', { a: [1] }, [{ op: 'remove', path: '/a/-' }], 'DataError'],
    ['null is a value', { a: null }, [{ op: 'test', path: '/a', value: null }], { a: null }],
    ['what is missing is no null', {}, [{ op: 'test', path: '/a', value: null }], 'DataError'],
    ['an unknown operation', {}, [{ op: 'spam', path: '/a' }], 'DataError'],
    ['an operation without value', {}, [{ op: 'add', path: '/a' }], 'DataError'],
    ['an operation without path', {}, [{ op: 'add', value: 1 }], 'DataError'],
    ['an operation without from', { a: 1 }, [{ op: 'copy', path: '/a' }], 'DataError'],
    ['a path without slash', {}, [{ op: 'add', path: 'a', value: 1 }], 'DataError'],
    ['a tilde by itself', {}, [{ op: 'add', path: '/~2', value: 1 }], 'DataError'],
    ['no operation at all', {}, [null], 'DataError'],
  ]
  for (const [name, document, operations, result] of cases) {
    it(`${name}: ${JSON.stringify(operations)}`, () => {
      const apply = () => jsonPatch(copy(document), operations)
      if (typeof result !== 'string') expect(apply()).to.deep.equal(result)
      else
        expect(apply)
          .to.throw(/operation 0/)
          .with.property('name', result)
    })
  }

  it('does what is plainly meant, at random', () => {
    const seed = newSeed()
    const draw = random(seed)
    let applied = 0
    for (let round = 0; round < 400; round++) {
      const document = randomObject(draw, 3)
      const operations = Array.from({ length: 1 + draw.below(4) }, () => randomOperation(draw, document))
      const expected = attempt(() => operations.reduce(plainly, document))
      const made = attempt(() => jsonPatch(copy(document), operations))
      expect(made, `SEED=${seed}: ${JSON.stringify({ document, operations })}`).to.deep.equal(expected)
      if (expected !== undefined) applied++
    }
    expect(applied).to.be.above(50)
  })

  it('merges as the algorithm of the RFC does, at random', () => {
    const seed = newSeed()
    const draw = random(seed)
    const plain = (target: unknown, patch: unknown): unknown => {
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
      const usable = typeof target === 'object' && target !== null && !Array.isArray(target)
      const result = new Map(Object.entries(usable ? target : {}))
      for (const [name, value] of Object.entries(patch)) {
        if (value === null) result.delete(name)
        else result.set(name, plain(result.get(name), value))
      }
      return Object.fromEntries(result)
    }
    for (let round = 0; round < 400; round++) {
      const [target, patch] = [randomObject(draw, 3), randomObject(draw, 3)]
      expect(mergePatch(copy(target), patch), `SEED=${seed}`).to.deep.equal(plain(target, patch))
    }
  })

  it('knows names only as names', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
      for (const operations of [
        [{ op: 'add', path: `/${name}/polluted`, value: 1 }],
        [{ op: 'test', path: `/${name}`, value: {} }],
        [{ op: 'copy', from: `/${name}`, path: '/a' }],
        [{ op: 'replace', path: `/${name}`, value: 1 }],
        [{ op: 'remove', path: `/${name}` }],
      ]) {
        expect(() => jsonPatch({}, operations), JSON.stringify(operations))
          .to.throw()
          .with.property('name', 'DataError')
      }
      const made = jsonPatch({}, [
        { op: 'add', path: `/${name}`, value: { a: 1 } },
        { op: 'add', path: `/${name}/b`, value: 2 },
        { op: 'copy', from: `/${name}`, path: '/kept' },
      ]) as object
      expect(Object.getPrototypeOf(made)).to.equal(Object.prototype)
      expect(Object.entries(made)).to.deep.equal([
        [name, { a: 1, b: 2 }],
        ['kept', { a: 1, b: 2 }],
      ])
      const merged = mergePatch({ a: 1 }, JSON.parse(`{"${name}":{"polluted":1}}`)) as object
      expect(Object.keys(merged)).to.deep.equal(['a', name])
    }
    expect({}).not.to.have.property('polluted')
  })

  it('can be applied again: it is not changed by what is done to its values', () => {
    const operations = [
      { op: 'add', path: '/a', value: { items: [] } },
      { op: 'replace', path: '/a', value: { items: [1] } },
      { op: 'add', path: '/b', value: [{}] },
      { op: 'copy', from: '/a', path: '/c' },
      { op: 'replace', path: '/b/0', value: [] },
      ...['/a/items/-', '/b/-', '/b/0/-', '/c/items/-'].map(path => ({ op: 'add', path, value: 2 })),
    ]
    const expected = { a: { items: [1, 2] }, b: [[2], 2], c: { items: [1, 2] } }
    expect(jsonPatch({}, operations)).to.deep.equal(expected)
    expect(jsonPatch({}, operations)).to.deep.equal(expected)
    const patch = { a: { items: [1] }, list: [{}] }
    const merged = mergePatch({}, patch) as typeof patch
    merged.a.items.push(2)
    merged.list.push({})
    expect(patch).to.deep.equal({ a: { items: [1] }, list: [{}] })
  })

  it('is limited in operations, in what it copies and in depth', () => {
    const many = Array.from({ length: 1001 }, () => ({ op: 'test', path: '', value: {} }))
    expect(() => jsonPatch({}, many)).to.throw('at most 1000 operations')
    const doubling = Array.from({ length: 60 }, (_, position) => ({ op: 'copy', from: '', path: `/${position}` }))
    expect(() => jsonPatch({ text: 'x'.repeat(1000) }, doubling)).to.throw('too much')
    const shifting = Array.from({ length: 1000 }, () => ({ op: 'add', path: '/0', value: 1 }))
    expect(() => jsonPatch(Array(1_000_000).fill(0), shifting)).to.throw('too much')
    const deeper = Array.from({ length: 10 }, (_, position) => ({
      op: 'copy',
      from: '',
      path: '/a'.repeat(2 ** position),
    }))
    expect(() => jsonPatch({}, deeper)).to.throw('nested too deeply')
  })

  it('does not compare lists with each other in all ways', () => {
    const list = (from: number) => Array.from({ length: 20_000 }, (_, position) => from + position)
    const began = performance.now()
    expect(() => jsonPatch(list(0), [{ op: 'test', path: '', value: list(1) }])).to.throw('another value')
    expect(performance.now() - began).to.be.below(2000)
  })
})

const attempt = (work: () => unknown) => {
  try {
    return work()
  } catch {
    return undefined
  }
}

interface Plain {
  readonly op: string
  readonly path: string
  readonly from: string
  readonly value: unknown
}

/** One operation, in the words of the RFC, on values that are never changed. */
function plainly(document: unknown, { op, path, from, value }: Plain): unknown {
  const [to, source] = [steps(path), steps(from)]
  if (op === 'add') return added(document, to, value)
  if (op === 'remove') return removed(document, to)
  if (op === 'replace') return to.length === 0 ? value : added(removed(document, to), to, value)
  if (op === 'copy') return added(document, to, found(document, source))
  if (op === 'move') {
    const inside = source.length < to.length && source.every((step, position) => step === to[position])
    return inside ? fail() : added(removed(document, source), to, found(document, source))
  }
  return isDeepStrictEqual(found(document, to), value) ? document : fail()
}

const fail = (): never => {
  throw new Error('cannot be done')
}
const steps = (path: string) =>
  path
    .split('/')
    .slice(1)
    .map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))

function found(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (typeof value !== 'object' || value === null || !Object.keys(value).includes(name)) return fail()
  return found((value as Record<string, unknown>)[name], rest)
}

/** The value with another in the place of the one that the first step leads to. */
function inside(value: unknown, name: string, change: (inner: unknown) => unknown): unknown {
  const inner = change(found(value, [name]))
  return Array.isArray(value) ? value.with(Number(name), inner) : { ...(value as object), [name]: inner }
}

function added(target: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  if (rest.length > 0) return inside(target, name, inner => added(inner, rest, value))
  if (!Array.isArray(target)) return typeof target === 'object' && target ? { ...target, [name]: value } : fail()
  if (name === '-') return [...target, value]
  return [...target.keys(), target.length].map(String).includes(name)
    ? target.toSpliced(Number(name), 0, value)
    : fail()
}

function removed(target: unknown, path: readonly string[]): unknown {
  const [name = fail(), ...rest] = path
  if (rest.length > 0) return inside(target, name, inner => removed(inner, rest))
  found(target, path)
  if (Array.isArray(target)) return target.toSpliced(Number(name), 1)
  const { [name]: _, ...others } = target as Record<string, unknown>
  return others
}

const names = ['a', 'b', 'c~d', 'e/f'] as const

function randomValue(draw: Random, depth: number): unknown {
  if (depth > 0 && draw.chance(0.5))
    return draw.chance(0.5) ? randomObject(draw, depth - 1) : randomArray(draw, depth - 1)
  return draw.pick([null, true, 0, 1, 'x', ''])
}
function randomObject(draw: Random, depth: number): Record<string, unknown> {
  return Object.fromEntries(names.filter(() => draw.chance(0.6)).map(name => [name, randomValue(draw, depth)]))
}
function randomArray(draw: Random, depth: number): unknown[] {
  return Array.from({ length: draw.below(4) }, () => randomValue(draw, depth))
}

/** Mostly to somewhere that is there. */
function randomPath(draw: Random, document: unknown): string {
  let path = ''
  let value = document
  while (typeof value === 'object' && value !== null && (path === '' || draw.chance(0.7))) {
    const name = draw.chance(0.15) ? draw.pick([...names, '-', '0', '1']) : draw.pick([...Object.keys(value), 'a'])
    path += `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    value = (value as Record<string, unknown>)[name]
  }
  return path
}

function randomOperation(draw: Random, document: unknown): Plain {
  const op = draw.pick(['add', 'remove', 'replace', 'move', 'copy', 'test'])
  const path = randomPath(draw, document)
  const at = path
    .split('/')
    .slice(1)
    .reduce<unknown>((value, name) => (value as never)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document)
  const value = op === 'test' && at !== undefined && draw.chance(0.7) ? at : randomValue(draw, 2)
  return { op, path, from: randomPath(draw, document), value }
}

describe('patch', () => {
  const definition = {
    properties: {
      name: { type: 'string', minLength: 1 },
      age: { type: 'integer', minimum: 0 },
      tags: { type: 'array', items: String },
      born: Date,
      size: BigInt,
      photo: Uint8Array,
      made: { type: 'string', readonly: true },
      secret: { type: 'string', blocked: true },
      length: {
        type: 'integer',
        get(this: { name?: unknown }) {
          return String(this.name).length
        },
      },
    },
    required: ['name'],
  } as const
  const ada = {
    id: 1,
    name: 'Ada',
    tags: ['a'],
    born: new Date(5),
    size: 12n,
    photo: new Uint8Array([1, 2]),
    made: 'now',
    secret: 'x',
  }

  for (const [name, open] of Object.entries(writable)) {
    describe(`over ${name}`, () => {
      async function begin() {
        const store = open()
        await store.put(ada)
        return { store, User: Model(store, definition) }
      }

      it('merges an object, and gives the instance', async () => {
        const { store, User } = await begin()
        const user = await User.patch(1, { age: 36, tags: null, photo: new Uint8Array([3]) })
        expect(user.age).to.equal(36)
        user.age = 37
        await user.save()
        const { tags, ...others } = ada
        expect(await store.get(1)).to.deep.equal({ ...others, age: 37, photo: new Uint8Array([3]) })
      })

      it('applies an array, and keeps what JSON has not', async () => {
        const { store, User } = await begin()
        await User.patch(1, [
          { op: 'test', path: '/born', value: new Date(5) },
          { op: 'copy', from: '/born', path: '/since' },
          { op: 'copy', from: '/photo', path: '/small' },
          { op: 'move', from: '/size', path: '/large' },
          { op: 'add', path: '/tags/-', value: 'b' },
        ])
        const { size, ...others } = ada
        expect(await store.get(1)).to.deep.equal({
          ...others,
          tags: ['a', 'b'],
          since: new Date(5),
          small: new Uint8Array([1, 2]),
          large: 12n,
        })
      })

      it('stores all of it or nothing', async () => {
        const { store, User } = await begin()
        const change = { op: 'replace', path: '/name', value: 'Bob' }
        const cycle: Record<string, unknown> = {}
        cycle.more = cycle
        const refused: [object, string, string][] = [
          [[change, { op: 'test', path: '/age', value: 3 }], 'DataError', 'operation 1 of the patch (test "/age")'],
          [[change, { op: 'test', path: '/tags', value: [] }], 'PreconditionFailedError', 'operation 1'],
          [[change, { op: 'add', path: '/age', value: -1 }], 'ValidationError', 'age'],
          [[change, { op: 'remove', path: '/made' }], 'ValidationError', 'made'],
          [[change, { op: 'remove', path: '/id' }], 'DataError', 'id'],
          [[change, { op: 'replace', path: '/id', value: 2 }], 'DataError', 'id'],
          [[{ op: 'replace', path: '', value: [] }], 'DataError', 'no object'],
          [{ name: null }, 'ValidationError', 'name'],
          [{ made: 'then' }, 'ValidationError', 'made'],
          [{ name: () => 1 }, 'DataCloneError', 'name'],
          [cycle, 'DataCloneError', 'cycle'],
        ]
        for (const [patch, kind, text] of refused) {
          const error = await refusal(() => User.patch(1, patch))
          expect(error.name, text).to.equal(kind)
          expect(error.message).to.include(text)
        }
        expect(await refusal(() => User.patch(1, 'x' as never))).to.be.instanceOf(TypeError)
        expect(await refusal(() => User.patch(2, { name: 'x' }))).to.deep.include({
          name: 'NotFoundError',
          method: 'patch',
        })
        expect(await store.get(1)).to.deep.equal(ada)
      })

      it('can neither read, test nor change what is blocked', async () => {
        const { store, User } = await begin()
        for (const op of ['test', 'replace', 'add', 'remove']) {
          const error = await refusal(() => User.patch(1, [{ op, path: '/secret', value: 'x' }]))
          expect(error.name).to.equal(op === 'add' ? 'ValidationError' : 'DataError')
        }
        expect(await refusal(() => User.patch(1, { secret: 'y' }))).to.have.property('name', 'ValidationError')
        for (const op of ['copy', 'move']) {
          expect(await refusal(() => User.patch(1, [{ op, from: '/secret', path: '/name' }]))).to.have.property(
            'name',
            'DataError',
          )
        }
        await User.patch(1, { secret: null, age: 1 })
        await User.patch(1, [{ op: 'replace', path: '', value: { id: 1, name: 'Eve', made: 'now' } }])
        expect(await store.get(1)).to.deep.equal({ id: 1, name: 'Eve', made: 'now', secret: 'x' })
      })

      it('takes ifMatch, of what is seen, and the type that it must be of', async () => {
        const { User } = await begin()
        const seen = await User.get(1)
        if (!seen) throw new Error('nobody')
        const tag = etag({ ...seen })
        await User.patch(1, { age: 1 }, { ifMatch: tag, type: 'application/merge-patch+json' })
        expect(await refusal(() => User.patch(1, { age: 2 }, { ifMatch: tag }))).to.have.property(
          'name',
          'PreconditionFailedError',
        )
        expect(await refusal(() => User.patch(1, [], { type: 'application/merge-patch+json' }))).to.have.property(
          'name',
          'DataError',
        )
        expect(await refusal(() => User.patch(1, {}, { type: 'application/json-patch+json' }))).to.have.property(
          'name',
          'DataError',
        )
        expect((await User.get(1))?.age).to.equal(1)
      })

      it('is applied to what is stored when it is written, and in a transaction', async () => {
        const { User } = await begin()
        const patches = Array.from({ length: 10 }, (_, age) =>
          User.patch(1, [{ op: 'add', path: '/tags/-', value: `${age}` }]),
        )
        await Promise.all(patches)
        expect((await User.get(1))?.tags).to.have.length(11)
        await transaction(User, async tx => {
          await tx.patch(1, { age: 5 })
          expect((await tx.get(1))?.age).to.equal(5)
        })
        expect((await User.get(1))?.age).to.equal(5)
      })

      it('shares nothing with the patch', async () => {
        const { store, User } = await begin()
        const patch = [
          { op: 'add', path: '/list', value: { items: [1] } },
          { op: 'add', path: '/list/items/-', value: 2 },
        ]
        const before = copy(patch)
        await User.patch(1, patch)
        await User.patch(1, patch)
        expect(equal(patch, before)).to.equal(true)
        expect(await store.get(1)).to.deep.include({ list: { items: [1, 2] } })
      })
    })
  }

  it('reads a patch once, before it is applied', async () => {
    const User = Model(memory({ objects: [{ ...ada }] }), definition)
    let reads = 0
    const patch = {
      get age() {
        return reads++ === 0 ? 1 : -1
      },
    }
    expect((await User.patch(1, patch)).age).to.equal(1)
  })
})
