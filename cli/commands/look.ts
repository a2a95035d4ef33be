import { type Command, jsonOption, storeOptions } from '../command.js'

/** Commands that change nothing. */
export const looking: readonly Command[] = [
  {
    name: 'get',
    group: 'Look',
    summary: 'show objects by their ids',
    args: [
      ['<store>', 'such as file:users.json, dir:./data, sqlite:app.db#users, https://host/users'],
      ['<id...>', 'one id, or several'],
    ],
    options: [jsonOption, ['--etag', 'show the ETag, for --if-match'], ...storeOptions],
    examples: [
      ['one user', 'holdfast get users.json ada'],
      ['two rows of a table', 'holdfast get sqlite:app.db#users ada bob --json'],
    ],
    load: async () => (await import('../run/get.js')).get,
  },
  {
    name: 'query',
    group: 'Look',
    summary: 'show what matches a query in RQL',
    args: [
      ['<store>', 'the store'],
      ['[query...]', 'RQL, such as "age>30&sort(-age)&limit(10)"; everything without it'],
    ],
    options: [
      jsonOption,
      ['--format <format>', 'table, ndjson, json or csv: a table on a terminal, else ndjson'],
      ...storeOptions,
    ],
    examples: [
      ['the oldest first', 'holdfast query users.json "age>30&sort(-age)"'],
      ['for a program', 'holdfast query dir:./data "select(id,title)" --json'],
    ],
    load: async () => (await import('../run/query.js')).query,
  },
  {
    name: 'count',
    group: 'Look',
    summary: 'say how many objects match',
    args: [
      ['<store>', 'the store'],
      ['[query...]', 'RQL; everything without it'],
    ],
    options: [jsonOption, ...storeOptions],
    examples: [
      ['all of them', 'holdfast count app.db#users'],
      ['some of them', 'holdfast count users.json "city=in=(Oslo,Rome)"'],
    ],
    load: async () => (await import('../run/count.js')).count,
  },
  {
    name: 'watch',
    group: 'Look',
    summary: 'show changes as they happen, until Ctrl-C',
    args: [
      ['<store>', 'a directory, a JSON file, an https: store, or a directory of live objects'],
      ['[query...]', 'only what matches these conditions'],
    ],
    options: [
      jsonOption,
      ['--since <sequence>', 'first what came after this change, where the server keeps a history'],
      ['--limit <count>', 'end after so many changes'],
      ...storeOptions,
    ],
    examples: [
      ['what an editor does to the files', 'holdfast watch dir:./data'],
      ['only some of it, for a program', 'holdfast watch users.json "age>30" --json'],
    ],
    load: async () => (await import('../run/watch.js')).watch,
  },
  {
    name: 'infer',
    group: 'Look',
    summary: 'propose a model for the objects that are there, as TypeScript',
    args: [['<store>', 'the store']],
    options: [
      jsonOption,
      ['--sample <count>', 'look at about so many objects, not at all'],
      ['--title <name>', 'what the model is to be called'],
      ...storeOptions,
    ],
    examples: [
      ['to paste into a program', 'holdfast infer users.json --title User'],
      ['as JSON Schema', 'holdfast infer app.db#users --json'],
    ],
    load: async () => (await import('../run/infer.js')).infer,
  },
  {
    name: 'explain',
    group: 'Look',
    summary: 'tell what a store is made of, and how a query is answered',
    args: [
      ['<store>', 'the store'],
      ['[query...]', 'RQL'],
    ],
    options: [jsonOption, ...storeOptions],
    examples: [
      ['a store', 'holdfast explain users.json'],
      ['a query', 'holdfast explain app.db#users "age>30&sort(-age)&limit(2)"'],
    ],
    load: async () => (await import('../run/explain.js')).explain,
  },
]
