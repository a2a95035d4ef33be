import { type Command, jsonOption, storeOptions } from '../command.js'

const quiet = ['--quiet', 'say nothing on stderr unless it fails'] as const

/** Commands that move many objects, or mend what is damaged. */
export const moving: readonly Command[] = [
  {
    name: 'import',
    group: 'Move',
    summary: 'put the objects of a file into a store: all of them, or nothing',
    args: [
      ['<store>', 'the store, made if it is not there'],
      ['[file]', 'NDJSON, JSON or CSV; - or nothing reads stdin'],
    ],
    options: [
      jsonOption,
      ['--format <format>', 'ndjson, json or csv, where the name of the file does not say it'],
      ['--overwrite', 'replace objects that are different'],
      ['--skip-bad', 'leave out what cannot be imported, and list it'],
      ['--schema <file>', 'a JSON Schema that each object must fulfil; gives cells of CSV their types'],
      ['--text', 'CSV: leave every cell the text that it is'],
      quiet,
      ['--history', 'keep a history from now on, in a log beside the store'],
      ['--log <store>', 'where the log of the history lies, if not beside the store'],
      ...storeOptions,
    ],
    examples: [
      ['a table', 'holdfast import sqlite:new.db#people people.csv'],
      ['what can be had', 'holdfast import dir:./people people.ndjson --skip-bad'],
    ],
    load: async () => (await import('../run/import.js')).importAll,
  },
  {
    name: 'export',
    group: 'Move',
    summary: 'write the objects of a store to a file',
    args: [
      ['<store>', 'the store'],
      ['[file]', 'the file, by its name NDJSON, JSON or CSV; - or nothing writes to stdout'],
    ],
    options: [
      ['--format <format>', 'ndjson, json or csv, where the name of the file does not say it'],
      ['--query <rql>', 'only what matches'],
      ['--force', 'write over the file if it is there'],
      quiet,
      ...storeOptions,
    ],
    examples: [
      ['everything', 'holdfast export users.json users.csv'],
      ['some of it', 'holdfast export app.db#users --query "age>30" --format json'],
    ],
    load: async () => (await import('../run/export.js')).exportAll,
  },
  {
    name: 'copy',
    group: 'Move',
    summary: 'copy all objects from one store to another, and compare both by hash',
    args: [
      ['<from>', 'any store'],
      ['<to>', 'any store, made if it is not there'],
    ],
    options: [
      jsonOption,
      ['--overwrite', 'replace objects that are different there'],
      ['--mirror', 'also delete there what is not here'],
      quiet,
      ['--history', 'keep a history of the store that is written to, in a log beside it'],
      ['--log <store>', 'where the log of the history lies, if not beside the store'],
      ...storeOptions,
    ],
    examples: [
      ['from a file to a database', 'holdfast copy users.json sqlite:copy.db#users'],
      ['make it the same', 'holdfast copy dir:./data dir:./backup --mirror --overwrite'],
    ],
    load: async () => (await import('../run/copy.js')).copy,
  },
  {
    name: 'check',
    group: 'Mend',
    summary: 'read everything, and list what is damaged',
    args: [['<store...>', 'stores that lie on this machine']],
    options: [jsonOption, ['--id-property <name>', 'the property that holds the ids, where it is not id']],
    examples: [
      ['a database', 'holdfast check app.db'],
      ['several', 'holdfast check users.json dir:./data'],
    ],
    load: async () => (await import('../run/check.js')).check,
  },
  {
    name: 'recover',
    group: 'Mend',
    summary: 'save what can be read of a damaged store into a new one, and list the rest',
    args: [
      ['<store>', 'the damaged store, which is left as it is'],
      ['<to>', 'the new one, which must not be there'],
    ],
    options: [jsonOption, ['--id-property <name>', 'the property that holds the ids, where it is not id']],
    examples: [
      ['a JSON file', 'holdfast recover users.json saved.json'],
      ['a directory', 'holdfast recover dir:./data dir:./saved'],
    ],
    load: async () => (await import('../run/recover.js')).recover,
  },
  {
    name: 'audit verify',
    group: 'Mend',
    summary: 'check that nobody has changed the logs of an audit folder',
    args: [['<folder>', 'the folder, as persisto keeps it']],
    options: [
      jsonOption,
      ['--receipt <file>', 'what the logs ended with before (--json says it): they must hold that still'],
    ],
    examples: [
      ['the logs', 'holdfast audit verify ./audit'],
      ['for a program', 'holdfast audit verify ./audit --json'],
    ],
    load: async () => (await import('../run/audit.js')).verify,
  },
  {
    name: 'doctor',
    group: 'Mend',
    summary: 'look at versions, disks, locks, journals and transactions in doubt, and say what to do',
    args: [['[store...]', 'stores or folders; all that lies here without it']],
    options: [jsonOption],
    examples: [
      ['this folder', 'holdfast doctor'],
      ['one store', 'holdfast doctor users.json'],
    ],
    load: async () => (await import('../run/doctor.js')).doctor,
  },
  {
    name: 'serve',
    group: 'More',
    summary: 'serve stores over HTTP: REST, events and OpenAPI, read-only, to this machine only',
    args: [['<store...>', 'stores, each as name=store or by its own name; a database serves all its tables']],
    options: [
      ['--write', 'let clients write'],
      ['--port <port>', '3000 by default; 0 takes one that is free'],
      ['--host <address>', 'where to listen; any but this machine needs --token or --authorize'],
      ['--token [token]', 'who asks must have it; made and shown if it is not said'],
      ['--token-file <file>', 'the same, in a file'],
      ['--authorize <module>', 'an ES module whose default export says of a Request whether it is answered'],
      ['--cors <origin...>', 'pages that may ask, such as https://app.example'],
      ['--schema <file>', 'a JSON Schema of the objects; what clients write must fulfil it'],
      ['--id-property <name>', 'the property that holds the ids, where it is not id'],
    ],
    examples: [
      ['a file, to be read', 'holdfast serve users.json --port 0'],
      ['a folder and a database, to be written', 'holdfast serve notes=dir:./data app.db --write --port 0'],
    ],
    load: async () => (await import('../run/serve.js')).serve,
  },
  {
    name: 'completion',
    group: 'More',
    summary: 'print what makes a shell complete this command',
    args: [['<shell>', 'bash, zsh or fish']],
    examples: [
      ['bash, in ~/.bashrc: source <(holdfast completion bash)', 'holdfast completion bash'],
      ['fish, into ~/.config/fish/completions/holdfast.fish', 'holdfast completion fish'],
    ],
    load: async () => (await import('../run/completion.js')).completion,
  },
]
