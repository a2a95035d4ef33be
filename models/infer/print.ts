/** A definition as TypeScript source. */
import { shortcuts } from '../schema/keywords.js'

const width = 120

/** A name as the source of something that is no data. */
class Source {
  constructor(readonly text: string) {}
}

/** What stands behind a line, by the name of the property that it is about. */
export type Remarks = ReadonlyMap<string, string>

/** The statement that makes a model of a definition. */
export function printModel(name: string, definition: Readonly<Record<string, unknown>>, remarks: Remarks): string {
  const { properties = {}, additionalProperties, ...others } = definition
  const lines = Object.entries(properties as object).map(([property, schema]) => {
    const remark = remarks.get(property)
    return `    ${key(property)}: ${print(short(schema), 4, key(property).length + 3)},${remark ? ` // ${remark}` : ''}`
  })
  const rest = {
    ...others,
    ...(additionalProperties !== undefined && { additionalProperties: short(additionalProperties) }),
  }
  return [
    `const ${name} = Model(store, {`,
    ...Object.entries(rest)
      .filter(([name]) => name === 'title' || name === 'idProperty')
      .map(printEntry),
    ...(lines.length > 0 ? ['  properties: {', ...lines, '  },'] : []),
    ...Object.entries(rest)
      .filter(([name]) => name !== 'title' && name !== 'idProperty')
      .map(printEntry),
    '})',
  ].join('\n')
}

const printEntry = ([name, value]: [string, unknown]) => `  ${key(name)}: ${print(value, 2, name.length + 3)},`

/** Schemas that say no more than a type become its constructor. */
function short(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema)
  const [first] = entries
  const known = entries.length === 1 && first?.[0] === 'type' && shortcuts.find(([, type]) => type === first[1])
  if (known) return new Source(known[0].name)
  return Object.fromEntries(entries.map(([keyword, content]) => [keyword, (inside[keyword] ?? same)(content as never)]))
}

const same = (content: unknown) => content

const inside: Readonly<Record<string, (content: never) => unknown>> = {
  items: short,
  additionalProperties: short,
  anyOf: (schemas: readonly unknown[]) => schemas.map(short),
  properties: (schemas: object) =>
    Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, short(schema)])),
}

/** A value, on one line if there is room for it behind what stands before it. */
function print(value: unknown, indent: number, before: number): string {
  const line = inline(value)
  if (indent + before + line.length <= width || typeof value !== 'object' || value === null) return line
  const deeper = ' '.repeat(indent + 2)
  const parts = Array.isArray(value)
    ? value.map(each => `${deeper}${print(each, indent + 2, 1)},`)
    : Object.entries(value).map(([name, each]) => {
        const own = `${key(name)}: `
        return `${deeper}${own}${print(each, indent + 2, own.length + 1)},`
      })
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return [open, ...parts, `${' '.repeat(indent)}${close}`].join('\n')
}

function inline(value: unknown): string {
  if (value instanceof Source) return value.text
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).map(([name, each]) => `${key(name)}: ${inline(each)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name))

function quoted(text: string): string {
  const escaped = JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  if (text.includes("'") && !text.includes('"')) return escaped
  return `'${escaped.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
