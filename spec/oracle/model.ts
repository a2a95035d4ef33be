/** The answers to the oracle's queries, worked out in the plainest way from a Map: nothing of the query engine in it. */
export type Thing = Record<string, unknown>

const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint'
const among =
  (...values: unknown[]) =>
  (value: unknown) =>
    values.some(each => (isNumber(each) && isNumber(value) ? Number(each) === Number(value) : each === value))

const answers: Record<string, (all: Thing[]) => Thing[]> = {
  '': all => all,
  'p=1': all => all.filter(({ p }) => among(1)(p)),
  'p>0&p<=3': all => all.filter(({ p }) => isNumber(p) && (p as number) > 0 && (p as number) <= 3),
  'sort(p)': all => sorted(all, 'p', 1),
  'sort(-q)&limit(3)': all => sorted(all, 'q', -1).slice(0, 3),
  'p=x|q=y': all => all.filter(({ p, q }) => p === 'x' || q === 'y'),
  'in(p,(x,y,1))': all => all.filter(({ p }) => among('x', 'y', 1)(p)),
  'not(exists(p))': all => all.filter(({ p }) => p === undefined || p === null),
  'u>=2&sort(-u)': all =>
    sorted(
      all.filter(({ u }) => (u as number) >= 2),
      'u',
      -1,
    ),
}

/** What a query gives, in the order of the ids. */
export function expected(query: string, model: Map<string, Thing>): Thing[] {
  return answers[query]?.([...model.values()].sort(byId)) ?? []
}

function byId({ id: a }: Thing, { id: b }: Thing): number {
  const [x, y] = [Number(a), Number(b)]
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1
  return String(a) < String(b) ? -1 : 1
}

/** The place of each value of the pool in the total order, by hand. */
function place(value: unknown): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'boolean') return 1
  if (isNumber(value)) return 2 + Number(value) / 1000
  if (value instanceof Date) return 3
  if (typeof value === 'string') return 4 + ['', 'x', 'y'].indexOf(value) / 1000
  if (value instanceof Uint8Array) return 5
  return Array.isArray(value) ? 6 : 7
}

function sorted(all: Thing[], name: string, direction: 1 | -1): Thing[] {
  return [...all].sort((a, b) => direction * (place(a[name]) - place(b[name])))
}
