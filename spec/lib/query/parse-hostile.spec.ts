import { expect } from 'chai'
import { parse, queryLimits } from '../../../lib/query/parse.js'
import { refused } from './refusal.js'

describe('query/parse, hostile text', () => {
  describe('refuses, and says where', () => {
    const mistakes: [text: string, message: string][] = [
      ['a=b=c', 'no operator "b", at 0: "a=b=c"'],
      ['x=1&constructor()', 'no operator "constructor", at 4'],
      ['toString(a)', 'no operator "toString"'],
      ['__defineGetter__(0,count())', 'no operator "__defineGetter__"'],
      ['rell(a)', 'no operator "rell"'],
      ['rel()', 'rel takes 1 or 2 arguments'],
      ['rel(a,sort(b))', 'conditions only'],
      ['rel(a,5)', 'a condition has an operator'],
      ['name=Foo%20(bar)', 'no operator "Foo%20", at 5'],
      ['a=1&b=2|c=3', '& and | may not be mixed'],
      ['a', 'a condition has an operator, as in name=value, at 0: "a"'],
      ['a=1&b', 'at 4: "b"'],
      ['()', 'a list is not a condition, at 0'],
      ['(a=1,b=2)', 'a list is not a condition'],
      ['a,b', 'at 1: ",b"'],
      ['a=b,c', 'at 3: ",c"'],
      ['a=(1', 'a ( is not closed, at 2'],
      ['f(', 'no operator "f"'],
      ['not((a=1)', 'is not closed'],
      ['a=1)', 'a ) closes nothing, at 3'],
      ['eq(a,1)b', 'nothing may follow here'],
      ['a=(1,2)3', 'nothing may follow here'],
      ['(a,b)!c', 'nothing may follow here'],
      ['(a,b)c=1', 'nothing may follow here'],
      ['a=(1)(2)', 'nothing may follow here'],
      ['=5', 'the name of a property is missing'],
      ['a=%', 'the percent-encoding is malformed, at 2: "%"'],
      ['%ff=1', 'the percent-encoding is malformed, at 0'],
      ['a=x:y', 'there is no converter "x"'],
      ['a=$1', 'there is no parameter $1'],
      ['eq()', 'eq takes 1 or 2 arguments, not 0'],
      ['in(a,1,2)', 'in takes 1 or 2 arguments, not 3'],
      ['not(a=1,b=2)', 'not takes 1 argument, not 2'],
      ['sort()', 'sort takes at least 1 argument'],
      ['limit(-1)', 'limit takes an integer from 0, or Infinity, not -1'],
      ['limit(1.5)', 'not 1.5'],
      ['limit(x)', 'not a string'],
      ['between(a,5)', 'between takes a list of two values'],
      ['exists(a,b)', 'exists takes true or false'],
      ['or(sort(a))', 'or takes conditions only, not sort'],
      ['or(and(sort(a)),b=1)', 'or takes conditions only, not and'],
      ['not(count())', 'not takes conditions only, not count'],
      ['a=1|limit(5)', 'or takes conditions only'],
      ['contains(a,first())', 'contains takes conditions only'],
      ['aggregate(a,sort(b))', 'aggregate takes count, sum'],
      ['eq(a,lt(b,1))', 'eq takes a value or a name where lt(…) stands'],
      ['eq(a,b=c)', 'eq takes a value'],
      ['in(a,(lt(1),2))', 'a value may not hold the expression lt(…)'],
      ['(a=1&b=2)=3', 'eq takes a value or a name'],
      ['(a,(b,c))=1', 'a path has only names'],
      ['a=glob:x*', 'eq takes no glob'],
      ['match(a,number:5)', 'match takes text or a glob'],
      ['a=\ud800', 'not well-formed'],
    ]
    for (const [text, message] of mistakes) {
      it(JSON.stringify(text), () => refused(() => parse(text), message))
    }

    it('an encoded joint before anything but a name and an operator', () => {
      for (const text of ['a=x%7Cexists(id)', 'eq(a,1)%7Ceq(b,2)', 'not(a=x)%7Cexists(id)']) refused(() => parse(text))
    })

    it('what is no text', () => {
      expect(() => parse(5 as never)).to.throw(TypeError)
    })
  })

  describe('texts that come again', () => {
    it('share a tree that nobody can change', () => {
      const [first, again] = [parse('a=1&sort(-b)'), parse('a=1&sort(-b)')]
      expect(again).to.equal(first)
      expect(Object.isFrozen(first) && Object.isFrozen(first.args) && Object.isFrozen(first.args[0])).to.equal(true)
    })

    it('share none with a date, bytes or a parameter in it', () => {
      for (const text of [
        'a=2020-01-01T00:00:00Z',
        'a=date:2020-01-01',
        'a=bytes:AAEC',
        'a=2020-01-01T00%3A00%3A00Z',
      ]) {
        expect(parse(text)).not.to.equal(parse(text))
      }
      expect(parse('a=$1', { parameters: [1] }).args).to.deep.equal([{ name: 'eq', args: ['a', 1] }])
      expect(parse('a=$1', { parameters: [2] }).args).to.deep.equal([{ name: 'eq', args: ['a', 2] }])
    })
  })

  describe('limits', () => {
    it('the length, the depth and the number of operators', () => {
      refused(() => parse('a'.repeat(queryLimits.length + 1)), 'a query may have 1048576 characters')
      const nested = (levels: number) => `${'not('.repeat(levels)}a=1${')'.repeat(levels)}`
      expect(parse(nested(queryLimits.depth - 2))).to.have.property('name', 'and')
      for (const deep of [nested(queryLimits.depth), '('.repeat(queryLimits.depth + 1), '('.repeat(100_000)]) {
        refused(() => parse(deep), 'levels deep')
      }
      expect(parse('a=1&'.repeat(queryLimits.terms - 1)).args).to.have.length(queryLimits.terms - 1)
      refused(() => parse('a=1&'.repeat(queryLimits.terms + 1)), 'operators')
    })

    const hostile: [string, (length: number) => string][] = [
      ...[
        'a',
        '(',
        ')',
        '&',
        '|',
        ',',
        '=',
        '%',
        '%7C',
        '%3C',
        ':',
        '/',
        '!',
        '$1',
        'a=1&',
        'not(',
        '(a)',
        'a/b&c=',
      ].map((piece): [string, (length: number) => string] => [piece, length => piece.repeat(length / piece.length)]),
      ['x=%7C…', length => `x=${'%7C'.repeat(length / 3)}`],
      ['x=%7C…(…', length => `x=${'%7C'.repeat(length / 6)}${'('.repeat(length / 2)}`],
      ['x=//…', length => `x=${'/'.repeat(length)}`],
      ['x=1…', length => `x=${'1'.repeat(length)}`],
      ['x=www…=', length => `x=${'w'.repeat(length)}=`],
      ['x=www…:', length => `x=${'w'.repeat(length)}:`],
      ['x=$111…', length => `x=$${'1'.repeat(length)}`],
      ['in(x,(1,1,…', length => `in(x,(${'1,'.repeat(length / 2)}))`],
      ['nested lists', length => `x=${'('.repeat(90)}${'1,'.repeat(length / 2)}${')'.repeat(90)}`],
      ['x=2000-…1Z', length => `x=2000-01-01T00:00:00.${'1'.repeat(length)}Z`],
      ['x=bytes:AAA…', length => `x=bytes:${'A'.repeat(length)}`],
      ['match(x,glob:***…', length => `match(x,glob:${'*'.repeat(length)})`],
    ]
    it('takes time linear in the text, whatever it holds', () => {
      for (const [what, make] of hostile) {
        // eight times the text takes eight times as long, but for noise; quadratic would be 64 times, each time
        const ratios: number[] = []
        do ratios.push(duration(make(160_000)) / Math.max(duration(make(20_000)), 0.5))
        while ((ratios.at(-1) as number) > 30 && ratios.length < 6)
        expect(ratios.at(-1), `${what}: ${ratios.join(' ')}`).to.be.lessThan(30)
      }
    })
  })
})

function duration(text: string): number {
  const times = Array.from({ length: 4 }, () => {
    const start = performance.now()
    try {
      parse(text)
    } catch {
      // refusing it is an answer
    }
    return performance.now() - start
  })
  return Math.min(...times)
}
