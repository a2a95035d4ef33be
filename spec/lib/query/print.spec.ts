import { expect } from 'chai'
import { isStoreError } from '../../../lib/errors.js'
import { expression } from '../../../lib/query/expression.js'
import { glob } from '../../../lib/query/glob.js'
import { toExpression } from '../../../lib/query/operators.js'
import { parse } from '../../../lib/query/parse.js'
import { print } from '../../../lib/query/print.js'
import { condition, list, random, seed, stage } from './random.js'

describe('query/print', () => {
  const printed: [text: string, tree: ReturnType<typeof expression>][] = [
    ['', expression('and')],
    ['eq(a,1)', expression('eq', 'a', 1)],
    ['eq(a,1)&lt(b,x)', expression('and', expression('eq', 'a', 1), expression('lt', 'b', 'x'))],
    ['or(eq(a,1),eq(b,2))', expression('or', expression('eq', 'a', 1), expression('eq', 'b', 2))],
    ['and(and(eq(a,1)))', expression('and', expression('and', expression('eq', 'a', 1)))],
    ['and(and())', expression('and', expression('and'))],
    ['eq(a,null)', expression('eq', 'a', null)],
    ['eq(a,null)', expression('eq', 'a', undefined)],
    ['eq(a,string:null)', expression('eq', 'a', 'null')],
    ['eq(a,string:1)', expression('eq', 'a', '1')],
    ['eq(a,007)', expression('eq', 'a', '007')],
    ['eq(a,string:)', expression('eq', 'a', '')],
    ['eq(a,2000-01-01T00:00:00.210Z)', expression('eq', 'a', new Date('2000-01-01T00:00:00.21Z'))],
    ['eq(a,epoch:8640000000000000)', expression('eq', 'a', new Date(8.64e15))],
    ['eq(a,string:2000-01-01T00%3A00%3A00Z)', expression('eq', 'a', '2000-01-01T00:00:00Z')],
    ['eq(a,bigint:-5)', expression('eq', 'a', -5n)],
    ['eq(a,bytes:-_8)', expression('eq', 'a', Uint8Array.of(251, 255))],
    [
      'rel(a/b,and(eq(c,1),rel(d)))',
      expression('rel', ['a', 'b'], expression('and', expression('eq', 'c', 1), expression('rel', 'd'))),
    ],
    ['eq(a/b,x%2Fy)', expression('eq', ['a', 'b'], 'x/y')],
    ['eq(a%2Fb,((1,2),()))', expression('eq', 'a/b', [[1, 2], []])],
    ['eq(a,%28%29%26%7C%3C%3D%3E%2C%3A%25)', expression('eq', 'a', '()&|<=>,:%')],
    ['eq(a,%241)', expression('eq', 'a', '$1')],
    ["eq(a,it's~!*)", expression('eq', 'a', "it's~!*")],
    ['match(a,glob:t*%3F)', expression('match', 'a', glob('t*?'))],
    ['sort(+a,-b,c,+%2Bd,-e/f)', expression('sort', '+a', '-b', 'c', '++d', ['-e', 'f'])],
    ['limit(Infinity,5)', expression('limit', Infinity, 5)],
    ['exists(string:)', expression('exists', '')],
    ['eq(string:,1)', expression('eq', '', 1)],
    ['aggregate(a/b,sum(c))', expression('aggregate', ['a', 'b'], expression('sum', 'c'))],
    ['contains(a,lt(5))', expression('contains', 'a', expression('lt', 5))],
  ]
  for (const [text, tree] of printed) {
    it(`writes ${text || 'everything as nothing'}`, () => {
      expect(print(tree)).to.equal(text)
      expect(parse(text)).to.deep.equal(toExpression(tree))
    })
  }

  it('refuses a plain object, which RQL has no words for', () => {
    for (const value of [{ a: 1 }, [{ a: 1 }]]) {
      expect(() => print(expression('eq', 'a', value)))
        .to.throw()
        .that.satisfies((e: unknown) => isStoreError(e, 'DataError'))
    }
  })

  it(`reads back every tree as it was (SEED=${seed})`, () => {
    const next = random()
    for (let run = 0; run < 5000; run++) {
      const terms = [...list(next, 3, () => condition(next)), ...list(next, 3, () => stage(next))]
      const tree = toExpression(terms.length === 1 ? terms[0] : expression('and', ...terms))
      const text = print(tree)
      expect(parse(text), `run ${run}: ${text}`).to.deep.equal(tree)
      expect(text, 'fit for a URL').to.match(/^[\w\-.~!*'(),/:+&%]*$/)
      expect(new URL(`http://h/?${text}`).search.slice(1), 'unchanged by a URL').to.equal(text.replaceAll("'", '%27'))
    }
  })
})
