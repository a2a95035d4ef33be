/** What is measured, by group. Each file is one case: its variants, and the rows that it gives to the table. */
const at = path => new URL(path, import.meta.url).href

export const groups = {
  memory: [
    at('memory/get-and-put.mjs'),
    at('memory/indexed-equality.mjs'),
    at('memory/scan.mjs'),
    at('memory/parse.mjs'),
    at('memory/hostile-text.mjs'),
  ],
  sqlite: [at('sqlite/documents.mjs')],
  'json-file': [at('json-file/put.mjs'), at('json-file/open.mjs')],
  directory: [at('directory/put.mjs'), at('directory/get.mjs'), at('directory/open.mjs')],
  wrappers: [at('wrappers/forward.mjs')],
  cache: [at('cache/get.mjs')],
  'full-text': [at('full-text/search.mjs'), at('full-text/update.mjs')],
  history: [at('history/put.mjs')],
  revisions: [at('revisions/put.mjs')],
  views: [at('views/put.mjs'), at('views/update.mjs')],
  expires: [at('expires/put.mjs')],
  traced: [at('traced/get.mjs')],
  batched: [at('batched/get.mjs')],
  model: [at('model/get.mjs'), at('model/add.mjs')],
  server: [at('server/get.mjs'), at('server/page.mjs')],
  remote: [at('remote/get.mjs'), at('remote/export.mjs')],
  links: [at('links/include.mjs')],
  live: [at('live/maintain.mjs')],
  facet: [at('facet/get.mjs'), at('facet/get-sqlite.mjs'), at('facet/where.mjs'), at('facet/make.mjs')],
  datastore: [at('datastore/get.mjs'), at('datastore/set.mjs'), at('datastore/load.mjs')],
  'live-objects': [at('live-objects/access.mjs'), at('live-objects/save.mjs')],
  persisto: [at('persisto/create.mjs'), at('persisto/get.mjs'), at('persisto/transfer.mjs')],
  cli: [at('cli/start.mjs')],
}
