import { expect } from 'chai'
import { convert } from '../../../lib/query/convert.js'
import { glob } from '../../../lib/query/glob.js'
import { refused } from './refusal.js'

const date = (text: string) => new Date(text)

describe('query/convert', () => {
  const values: [text: string, value: unknown][] = [
    ['true', true],
    ['false', false],
    ['null', null],
    ['undefined', null],
    ['', ''],
    ['1', 1],
    ['-1.5', -1.5],
    ['0', 0],
    ['1e+21', 1e21],
    ['5e-7', 5e-7],
    // only what JavaScript would print is a number
    ...['007', '1e6', '1e21', '+5', '.5', '5.', '1.0', '-0', '0x10', '1_000', '--1', '12345678901234567890'].map(same),
    ...['NaN', 'Infinity', '-Infinity', 'True', 'NULL', ' 1', "'1'", '"1"', "it's~", '10:30', ':x', '-a:b'].map(same),
    ['%31', '1'],
    ['tru%65', 'true'],
    ['a%3Ab', 'a:b'],
    ['%e2%82%ac', '€'],
    ['2000-01-01T00:00:00Z', date('2000-01-01T00:00:00Z')],
    ['2000-01-01T00%3A00%3A00Z', date('2000-01-01T00:00:00Z')],
    ['2000-01-01T00:00:00.21Z', date('2000-01-01T00:00:00.210Z')],
    ['2000-01-01T00:00:00.2109Z', date('2000-01-01T00:00:00.210Z')],
    ['0000-01-01T00:00:00Z', date('0000-01-01T00:00:00Z')],
    ['2000-02-29T23:59:59Z', date('2000-02-29T23:59:59Z')],
    // no such time, or not in UTC
    ...['2000-02-30T00:00:00Z', '2000-13-01T00:00:00Z', '2000-01-01T24:00:00Z', '2000-01-01T00:00:00'].map(same),
    ...['2000-01-01', '2000-01-01T00:00:00+01:00', '12000-01-01T00:00:00Z'].map(same),
    ['string:1', '1'],
    ['string:null', 'null'],
    ['string:a:b', 'a:b'],
    ['string:', ''],
    ['string:%20', ' '],
    ['auto:1', 1],
    ['number:1e6', 1e6],
    ['number:007', 7],
    ['number:%2D1', -1],
    ['boolean:true', true],
    ['boolean:false', false],
    ['bigint:12345678901234567890', 12345678901234567890n],
    ['bigint:-0', 0n],
    ['bytes:', new Uint8Array()],
    ['bytes:-_8', Uint8Array.of(251, 255)],
    ['bytes:+/8=', Uint8Array.of(251, 255)],
    ['bytes:%2B%2F8%3D', Uint8Array.of(251, 255)],
    ['epoch:0', date('1970-01-01T00:00:00Z')],
    ['epoch:-1', date('1969-12-31T23:59:59.999Z')],
    ['date:2009', date('2009-01-01T00:00:00Z')],
    ['date:2000-01-31', date('2000-01-31T00:00:00Z')],
    ['date:2000-01-31T10:30', date('2000-01-31T10:30:00Z')],
    ['isodate:2000-01', date('2000-01-01T00:00:00Z')],
    ['date:2000-01-01T00:00:00.21Z', date('2000-01-01T00:00:00.210Z')],
    ['date:2000-01-01T00:00:00+01:30', date('1999-12-31T22:30:00Z')],
    ['date:2000-01-01T00:00:00-01:30', date('2000-01-01T01:30:00Z')],
    ['date:2000-01-01T00%3A00%3A00%2B01%3A30', date('1999-12-31T22:30:00Z')],
    ['glob:t*%3F', glob('t*?')],
  ]
  for (const [text, value] of values) {
    it(JSON.stringify(text), () => expect(convert(text)).to.deep.equal(value))
  }

  const mistakes: [text: string, message: string][] = [
    ['%', 'percent-encoding'],
    ['%C3', 'percent-encoding'],
    ['string:%zz', 'percent-encoding'],
    ['a:b', 'there is no converter "a"'],
    ['urn:x:y', 'there is no converter "urn"'],
    ['constructor:x', 'there is no converter "constructor"'],
    ['__proto__:x', 'there is no converter "__proto__"'],
    ['number:', 'not a finite number'],
    ['number:x', 'not a finite number'],
    ['number:Infinity', 'not a finite number'],
    ['number:%20', 'not a finite number'],
    ['boolean:1', 'true or false'],
    ['bigint:1.5', 'decimal digits'],
    ['bigint:', 'decimal digits'],
    ['bytes:!', 'base64'],
    ['bytes:A', 'base64'],
    ['epoch:', 'milliseconds'],
    ['epoch:1e99', 'milliseconds'],
    ['epoch:8640000000000001', 'milliseconds'],
    ['date:2000-02-30', 'ISO 8601'],
    ['date:tomorrow', 'ISO 8601'],
    ['date:2000-01-01T00:00:00+24:00', 'ISO 8601'],
    ['date:', 'ISO 8601'],
    [`glob:${'*'.repeat(1001)}`, 'a glob may have 1000 characters'],
  ]
  for (const [text, message] of mistakes) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => refused(() => convert(text), message))
  }

  it('refuses regular expressions, which can take exponential time', () => {
    for (const text of ['re:a*', 'RE:a*']) refused(() => convert(text), 'use glob:', 'NotSupportedError')
  })
})

function same(text: string): [string, string] {
  return [text, text]
}
