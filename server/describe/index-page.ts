/** A page for people who open the server in a browser: what is there. */
import type { Served } from '../handler/served.js'

export function indexPage(served: ReadonlyMap<string, Served>, title: string): string {
  const items = [...served.values()].map(itemOf)
  const list = items.length > 0 ? `<ul>\n${items.join('\n')}\n</ul>` : '<p>Nothing is served to you here.</p>'
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
code { background: #8882; padding: 0 .2em }
</style>
<h1>${escaped(title)}</h1>
${list}
<p>Queries are RQL: <code>?age&gt;30&amp;sort(-age)&amp;limit(10)</code>. Everything about it is in <a href="openapi.json">openapi.json</a>.</p>
</html>
`
}

function itemOf({ name, audit }: Served): string {
  const { methods, readable } = audit()
  const path = `${encodeURIComponent(name)}`
  const label = methods.includes('query')
    ? `<a href="${escaped(path)}?limit=20">${escaped(name)}</a>`
    : `<b>${escaped(name)}</b>`
  const properties = readable.length > 0 ? `<br>${readable.map(each => `<code>${escaped(each)}</code>`).join(' ')}` : ''
  return `<li>${label}: ${escaped(methods.join(', '))}${properties}</li>`
}

const marks: { readonly [mark: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replace(/[&<>"']/g, mark => marks[mark] as string)
