import { type Command, jsonOption, storeOptions } from '../command.js'

/** What every command has that writes: where a history is kept, and what it is told. */
const writeOptions = [
  ['--history', 'keep a history from now on, in a log beside the store'],
  ['--log <store>', 'where the log of the history lies, if not beside the store'],
  ['--actor <name>', 'who does this, for the history; you by default'],
  ['--reason <text>', 'why, for the history'],
  ...storeOptions,
] as const

const ifMatch = ['--if-match <etag>', 'only if the object is still this one (see get --etag)'] as const

/** Commands that change objects, and their past. */
export const changing: readonly Command[] = [
  {
    name: 'put',
    group: 'Change',
    summary: 'store an object, over what is there',
    args: [
      ['<store>', 'the store, made if it is not there'],
      ['[object]', 'JSON; - or nothing reads it from stdin'],
    ],
    options: [
      jsonOption,
      ['--id <id>', 'the id, if the object does not say it'],
      ['--add', 'only if nothing is stored under the id'],
      ifMatch,
      ...writeOptions,
    ],
    examples: [
      ['a user', `holdfast put users.json '{"id":"eve","name":"Eve","age":28}'`],
      [
        'a new one, with a date',
        `holdfast put users.json '{"id":"tom","born":{"$date":"1990-01-31T00:00:00Z"}}' --add`,
      ],
    ],
    load: async () => (await import('../run/put.js')).put,
  },
  {
    name: 'patch',
    group: 'Change',
    summary: 'change some properties of an object',
    args: [
      ['<store>', 'the store'],
      ['<id>', 'the id of the object'],
      ['[changes]', 'a JSON Merge Patch (an object) or a JSON Patch (an array); - or nothing reads stdin'],
    ],
    options: [jsonOption, ifMatch, ...writeOptions],
    examples: [
      ['a birthday', `holdfast patch users.json ada '{"age":37}'`],
      ['a JSON Patch', `holdfast patch users.json bob '[{"op":"remove","path":"/city"}]'`],
    ],
    load: async () => (await import('../run/patch.js')).patch,
  },
  {
    name: 'delete',
    group: 'Change',
    summary: 'remove objects by their ids',
    args: [
      ['<store>', 'the store'],
      ['<id...>', 'one id, or several'],
    ],
    options: [jsonOption, ifMatch, ...writeOptions],
    examples: [
      ['one', 'holdfast delete users.json bob'],
      ['several, and why', 'holdfast delete dir:./data a b --history --reason "cleaning up"'],
    ],
    load: async () => (await import('../run/delete.js')).remove,
  },
  {
    name: 'history',
    group: 'Past',
    summary: 'show what was changed, when and by whom',
    args: [
      ['<store>', 'a store with a log beside it, or a directory of live objects'],
      ['[id]', 'of one object'],
    ],
    options: [
      jsonOption,
      ['--limit <count>', 'the latest so many; 20 by default'],
      ['--log <store>', 'where the log lies, if not beside the store'],
      ['--actor <name>', 'only what this one did'],
      ...storeOptions,
    ],
    examples: [
      ['the latest changes', 'holdfast history app.db#users'],
      ['those of one object', 'holdfast history app.db#users ada --json'],
    ],
    load: async () => (await import('../run/history.js')).history,
  },
  {
    name: 'undo',
    group: 'Past',
    summary: 'undo the last change, of all or of one object',
    args: [
      ['<store>', 'a store with a log beside it, or a directory of live objects'],
      ['[id]', 'of one object'],
    ],
    options: [jsonOption, ['--redo', 'do again what was undone last'], ...writeOptions.slice(1)],
    examples: [
      ['the last change of all', 'holdfast undo app.db#users'],
      ['do it again', 'holdfast undo app.db#users --redo'],
    ],
    load: async () => (await import('../run/undo.js')).undo,
  },
]
