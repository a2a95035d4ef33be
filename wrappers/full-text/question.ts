/** A query that asks for words, put so that the inner store can answer it: by the ids of the objects that have them. */
import { type Doubt, spellings } from '../../lib/derived/one-state.js'
import { StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import { type Expression, node, type Path } from '../../lib/query/expression.js'
import { pathKey } from '../../lib/query/path.js'
import type { Id } from '../../lib/store.js'
import { score, type TextReader, type Wanted } from './text.js'
import type { View } from './view.js'

/** How many words one search may have. */
const maxWords = 1000

/** The words of a text that are to be found in some of the fields. */
export function wanted(text: string, paths: readonly Path[], { fields, tokenize }: TextReader): Wanted {
  const keys = fields.map(pathKey)
  const places = paths.map(path => {
    const place = keys.indexOf(pathKey(path))
    if (place >= 0) return place
    throw new StoreError('NotSupportedError', `there is no full-text index over ${pathKey(path)}, but over ${keys}`)
  })
  const words = [...new Set(tokenize(text))].filter(word => word !== '')
  if (words.length > maxWords) throw new StoreError('DataError', `a search may have ${maxWords} words`)
  return { words, fields: [...new Set(places)] }
}

/** Does the query ask for words? */
export function asksWords(expression: Expression): boolean {
  if (expression.name === 'match') return typeof expression.args.at(-1) === 'string'
  return joins.has(expression.name) && (expression.args as readonly Expression[]).some(asksWords)
}

/** What is asked of the words in a condition. */
export interface Question {
  /** The condition for the inner store: lets pass what matches, and of what is in doubt perhaps more. */
  readonly asked: Expression
  /** The condition for what has passed: exact. */
  exact(objects: readonly object[]): Expression
}

/** Replaces what is asked of words in a condition. */
export function question(condition: Expression, view: View, doubt: Doubt, reader: TextReader): Question {
  const answers = new Map<Expression, Answer>()
  const answer = (match: Expression) => {
    const known = answers.get(match)
    if (known) return known
    const [first, second] = match.args as readonly [Path, string?]
    const [paths, text] = second === undefined ? [reader.fields, first as string] : [[first], second]
    const made = answerOf(wanted(text, paths, reader), view, doubt, reader)
    answers.set(match, made)
    return made
  }
  return {
    asked: replaced(condition, (match, positive) => (positive ? answer(match).most() : answer(match).least())),
    exact: objects => replaced(condition, match => answer(match).exact(objects)),
  }
}

/** The objects that have some words, as conditions on their ids. */
export interface Answer {
  most(): Expression
  least(): Expression
  exact(objects: readonly object[]): Expression
  /** The score of an object that has passed. */
  score(object: object): number
}

export function answerOf(wanted: Wanted, view: View, doubt: Doubt, { idProperty, idOf, read }: TextReader): Answer {
  const among = (ids: readonly unknown[]) => node('in', [idProperty, ids])
  const inDoubt = (key: Id) => doubt === 'all' || doubt.has(key)
  const scores = new Map<Id, number>()
  const certain: Id[] = []
  for (const hit of doubt === 'all' ? [] : view.hits(wanted)) {
    if (inDoubt(hit.key)) continue
    certain.push(hit.id)
    scores.set(hit.key, hit.score)
  }
  const scoreOf = (object: object) => {
    const key = toKey(idOf(object))
    return inDoubt(key) ? score(read(object), wanted) : (scores.get(key) ?? 0)
  }
  return {
    most: () => (doubt === 'all' ? always : among([...certain, ...spellings(doubt)])),
    least: () => (doubt === 'all' ? never : among(certain)),
    exact: objects => {
      const doubtful = objects.filter(object => inDoubt(toKey(idOf(object))))
      return among([...certain, ...doubtful.filter(object => scoreOf(object) > 0).map(idOf)])
    },
    score: scoreOf,
  }
}

const always = node('and', [])
const never = node('or', [])

const joins = new Set(['and', 'or', 'not'])

function replaced(
  expression: Expression,
  replacement: (match: Expression, positive: boolean) => Expression,
  positive = true,
): Expression {
  if (!asksWords(expression)) return expression
  if (expression.name === 'match') return replacement(expression, positive)
  const terms = expression.args as readonly Expression[]
  const sense = expression.name === 'not' ? !positive : positive
  return node(
    expression.name,
    terms.map(term => replaced(term, replacement, sense)),
  )
}
