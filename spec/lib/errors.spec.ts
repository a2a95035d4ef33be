import { expect } from 'chai'
import { isStoreError, StoreError } from '../../lib/errors.js'

describe('errors', () => {
  const issues = [{ path: ['age'], keyword: 'minimum', message: 'must be at least 0' }]
  const error = new StoreError('ValidationError', 'age is wrong', {
    method: 'put',
    id: 'a',
    issues,
    cause: new Error('x'),
  })

  it('carry name, status, method, id and issues', () => {
    expect(error).to.include({ name: 'ValidationError', status: 422, message: 'age is wrong', method: 'put', id: 'a' })
    expect(error).to.be.instanceOf(Error)
    expect(error.issues).to.equal(issues)
    expect((error.cause as Error).message).to.equal('x')
  })

  it('become problem details, without stack and cause', () => {
    expect(JSON.parse(JSON.stringify(error))).to.deep.equal({
      type: 'about:blank#ValidationError',
      title: 'ValidationError',
      status: 422,
      detail: 'age is wrong',
      method: 'put',
      id: 'a',
      issues,
    })
  })

  it('say when what passes by itself has passed', () => {
    const rate = new StoreError('QuotaExceededError', 'too often', { retryAfter: 1500 })
    expect(rate).to.include({ status: 429, retryAfter: 1500 })
    expect(rate.toJSON()).to.include({ status: 429, retryAfter: 1500 })
    expect(new StoreError('QuotaExceededError', 'no room').toJSON()).not.to.have.property('retryAfter')
    expect(new StoreError('NetworkError', 'nobody is there')).to.include({ status: 502 })
  })

  it('say which parts of a write are done', () => {
    const partial = new StoreError('PartialWriteError', 'a is half written', { id: 'a', done: [1], notDone: [0] })
    expect(partial).to.deep.include({ status: 500, done: [1], notDone: [0] })
    expect(JSON.parse(JSON.stringify(partial))).to.deep.include({ status: 500, id: 'a', done: [1], notDone: [0] })
  })

  it('are told by name, across copies of the package', () => {
    const foreign = Object.assign(new Error('x'), { name: 'ConstraintError', status: 409 })
    expect(isStoreError(foreign, 'ConstraintError')).to.equal(true)
    expect(isStoreError(foreign, 'DataError')).to.equal(false)
    expect(isStoreError(error)).to.equal(true)
    for (const other of [new TypeError('x'), { name: 'DataError', status: 400 }, undefined, 'DataError']) {
      expect(isStoreError(other)).to.equal(false)
    }
    expect(isStoreError(Object.assign(new Error('x'), { name: 'constructor', status: 1 }))).to.equal(false)
  })
})
