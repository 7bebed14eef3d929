export const meta = { name: 'generators', description: 'Generators, getters, tagged templates, regular expressions, labels.' }

function* pages(total, size = 10) {
  for (let start = 0; start < total; start += size) yield { start, end: Math.min(total, start + size) }
}

async function* stream(prompts) {
  for (const prompt of prompts) yield await agent(prompt)
}

const dedent = (strings, ...values) =>
  String.raw({ raw: strings }, ...values)
    .split('\n')
    .map((line) => line.replace(/^ {2,}/, ''))
    .join('\n')

const store = {
  _items: [],
  get size() { return this._items.length },
  set first(value) { this._items[0] = value },
  async add(item) { this._items.push(item); return this },
  *[Symbol.iterator]() { yield* this._items },
  ['computed' + 1]: 2,
}

const texts = []
for await (const text of stream([...pages(25)].map(({ start, end }) => `Summarise lines ${start} to ${end}.`))) {
  texts.push(text ?? '')
}

await store.add(texts.join(''))
store.first ||= 'x'

const ratio = texts.length / (store.size || 1) / 2
const pattern = /[/\]`'"]+(?<word>\w+)(?=`)/giu
const found = 'a `code` b'.match(pattern)?.groups?.word ?? null

outer: for (const a of texts) {
  for (const b of texts) {
    if (a === b) continue outer
  }
}

const prompt = dedent`
  Say what ${ratio > 1 ? 'they' : 'it'} means:
  ${[...store].join('\n')}
`
const answer = await agent(prompt)
const n = 1_000n ** 2n, hex = 0xff, negated = -(hex ** 0) || ~hex
void n
return { answer, found, negated, big: `${n}`, at: texts.at(-1), has: 'x' in store, kind: typeof store, nothing: undefined }
