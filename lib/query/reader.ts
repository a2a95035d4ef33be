import { StoreError } from '../errors.js'
import { type Expression, isExpression, node } from './expression.js'
import { queryLimits } from './limits.js'
import { argumentOf, condition, List, Piece, type Raw, type Source } from './raw.js'
import { checkCount, operatorOf, slotAt } from './table.js'

const bang = 33
const percent = 37
const ampersand = 38
const open = 40
const close = 41
const comma = 44
const less = 60
const equals = 61
const greater = 62
const bar = 124

/**
 * One pass over RQL text. `encoded` says whether conditions stand here, where browsers may have encoded the syntax:
 * `%3C` and `%3E` can be the operator of a term, `%7C` can join terms. Inside the arguments of other operators they
 * are characters.
 */
export class Reader implements Source {
  /** Where the piece begins that was looked at last, for the message of an error. */
  mark = 0
  #at: number
  #depth = 0
  #terms = 0
  readonly #text: string
  readonly parameters: readonly unknown[] | undefined

  constructor(text: string, parameters: readonly unknown[] | undefined) {
    this.#text = text
    this.#at = text.startsWith('?') ? 1 : 0
    this.parameters = parameters
  }

  query(): Expression {
    const raw = this.#joined(true)
    this.mark = this.#at
    if (this.#code() === close) fail('a ) closes nothing')
    if (this.#code() === comma) fail('a comma stands in lists and calls only; one that is a character is %2C')
    if (isEmpty(raw)) return node('and', [])
    const whole = condition(this, raw)
    return whole.name === 'and' ? whole : node('and', [whole])
  }

  /** Items joined by `&` or by `|`; empty ones are left out. */
  #joined(encoded: boolean): Raw {
    const first = this.#item(encoded)
    const joint = this.#joint(encoded)
    if (joint === undefined) return first
    const conditions: Expression[] = []
    let raw = first
    for (;;) {
      if (!isEmpty(raw)) conditions.push(condition(this, raw))
      const next = this.#joint(encoded)
      if (next === undefined) break
      this.mark = this.#at
      if (next !== joint) fail('& and | may not be mixed on one level; use parentheses')
      this.#at += this.#code() === percent ? 3 : 1
      raw = this.#item(encoded)
    }
    return conditions.length > 1 ? node(joint, conditions) : (conditions[0] ?? new Piece(this.#at, ''))
  }

  /** What joins the item before to the one after, here. */
  #joint(encoded: boolean): 'and' | 'or' | undefined {
    const code = this.#code()
    if (code === ampersand) return 'and'
    return code === bar || (encoded && code === percent && this.#joins(this.#at)) ? 'or' : undefined
  }

  /** One term, argument or group: up to the next joint, comma or closing parenthesis. */
  #item(encoded: boolean): Raw {
    const start = this.#at
    let left: Raw
    if (this.#code() === open) {
      left = this.#group(encoded)
    } else {
      this.#skip(encoded, true)
      if (this.#code() === open) return this.#ended(this.#call(start, encoded), encoded)
      left = new Piece(start, this.#text.slice(start, this.#at))
    }
    const name = this.#operator(encoded)
    if (name !== undefined) return this.#ended(this.#sugar(start, left, name, encoded), encoded)
    return left instanceof Piece ? left : this.#ended(left, encoded)
  }

  /** `path operator value`, from the value on. The first operator has won: what looks like another is in the value. */
  #sugar(start: number, left: Raw, name: string, encoded: boolean): Expression {
    const from = this.#at
    let right: Raw
    if (this.#code() === open) {
      right = this.#group(false)
    } else {
      this.#skip(encoded, false)
      right = this.#code() === open ? this.#call(from, false) : new Piece(from, this.#text.slice(from, this.#at))
    }
    if (left instanceof Piece && left.text === '') fail('the name of a property is missing', this, start)
    return this.#node(start, name, [left, right])
  }

  /** `name(…)`, from the parenthesis on. */
  #call(start: number, encoded: boolean): Expression {
    const name = this.#text.slice(start, this.#at)
    this.mark = start
    const { rest } = operatorOf(name)
    const terms = rest === 'term' || rest === 'condition' || name === 'not'
    const items = this.#items(encoded && terms)
    return this.#node(start, name, terms ? items.filter(item => !isEmpty(item)) : items)
  }

  #group(encoded: boolean): Raw {
    const start = this.#at
    const items = this.#items(encoded)
    const [only] = items
    return items.length === 1 && isExpression(only) ? only : new List(start, items)
  }

  /** What stands between parentheses, by its commas. */
  #items(encoded: boolean): Raw[] {
    this.mark = this.#at++
    if (++this.#depth > queryLimits.depth) fail(`a query may be nested ${queryLimits.depth} levels deep`)
    const items: Raw[] = []
    if (this.#code() !== close) {
      items.push(this.#joined(encoded))
      while (this.#code() === comma) {
        this.#at++
        items.push(this.#joined(encoded))
      }
    }
    if (this.#code() !== close) fail('a ( is not closed')
    this.#at++
    this.#depth--
    return items
  }

  #node(start: number, name: string, raws: readonly Raw[]): Expression {
    this.mark = start
    if (++this.#terms > queryLimits.terms) fail(`a query may have ${queryLimits.terms} operators`)
    const operator = operatorOf(name)
    checkCount(operator, raws.length)
    const args: unknown[] = []
    for (let position = 0; position < raws.length; position++) {
      args.push(argumentOf(this, slotAt(operator, position, raws.length), raws[position] as Raw))
    }
    this.mark = start
    return node(name, args)
  }

  /** After a parenthesis nothing may stand but what goes on with the level above. */
  #ended<R extends Raw>(raw: R, encoded: boolean): R {
    const code = this.#code()
    if (Number.isNaN(code) || code === close || code === comma || this.#joint(encoded)) return raw
    return fail('nothing may follow here but & | , or )', this, this.#at)
  }

  /** Moves to what ends a piece of text: a parenthesis, a comma, a joint, the end or, if wanted, an operator. */
  #skip(encoded: boolean, operators: boolean): void {
    const text = this.#text
    let at = this.#at
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code > bar || (code > greater && code < bar)) continue
      if (code === ampersand || code === bar || code === open || code === close || code === comma) break
      if (operators && (code === equals || code === less || code === greater)) break
      if (operators && code === bang && text.charCodeAt(at + 1) === equals) break
      if (encoded && code === percent && ((operators && this.#comparison(at)) || this.#joins(at))) break
    }
    this.#at = at
  }

  /** Reads the operator that stands here, if one does. */
  #operator(encoded: boolean): string | undefined {
    const code = this.#code()
    if (code === equals) return this.#fiql()
    if (code === bang) return this.#code(1) === equals ? this.#take(2, 'ne') : undefined
    const encodedHere = encoded && code === percent ? this.#comparison(this.#at) : undefined
    const name = code === less ? 'l' : code === greater ? 'g' : encodedHere
    if (name === undefined) return undefined
    const width = encodedHere ? 3 : 1
    return this.#code(width) === equals ? this.#take(width + 1, `${name}e`) : this.#take(width, `${name}t`)
  }

  /** `=`, `==`, or `=name=`. */
  #fiql(): string {
    if (this.#code(1) === equals) return this.#take(2, 'eq')
    let end = this.#at + 1
    while (isWord(this.#text.charCodeAt(end))) end++
    if (this.#text.charCodeAt(end) !== equals) return this.#take(1, 'eq')
    const name = this.#text.slice(this.#at + 1, end)
    return this.#take(end + 1 - this.#at, name)
  }

  #take<T>(width: number, taken: T): T {
    this.#at += width
    return taken
  }

  /** `%3C` or `%3E`, here: the first letter of the operator it stands for. */
  #comparison(at: number): 'l' | 'g' | undefined {
    if (this.#text.charCodeAt(at + 1) !== 51) return undefined
    const letter = this.#text.charCodeAt(at + 2) | 32
    return letter === 99 ? 'l' : letter === 101 ? 'g' : undefined
  }

  /**
   * Does a `%7C` here join two terms? Only if a name with an unencoded operator follows, as no value can that went
   * through `encodeURIComponent`: so a value never changes the query, not even with parentheses, which it leaves raw.
   */
  #joins(at: number): boolean {
    const text = this.#text
    if (text.charCodeAt(at + 1) !== 55 || (text.charCodeAt(at + 2) | 32) !== 99) return false
    let end = at + 3
    while (text.charCodeAt(end) === open) end++
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end)
      if (code === equals || code === less || code === greater) return true
      if (code === ampersand || code === bar || code === open || code === close || code === comma) return false
      if (code === percent && text.charCodeAt(end + 1) === 55 && (text.charCodeAt(end + 2) | 32) === 99) return false
    }
    return false
  }

  #code(ahead = 0): number {
    return this.#text.charCodeAt(this.#at + ahead)
  }
}

const isEmpty = (raw: Raw) => raw instanceof Piece && raw.text === ''
const isWord = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)

function fail(message: string, source?: Source, mark = 0): never {
  if (source) source.mark = mark
  throw new StoreError('DataError', message)
}
