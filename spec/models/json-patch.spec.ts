import { expect } from 'chai'
import { copy } from '../../lib/value.js'
import { jsonPatch } from '../../models/model/patch/json-patch.js'
import { mergePatch } from '../../models/model/patch/merge-patch.js'
import { newSeed, random } from '../oracle/random.js'
import { randomObject, randomOperation } from './patch/drawn.js'
import { plainly } from './patch/plainly.js'

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
