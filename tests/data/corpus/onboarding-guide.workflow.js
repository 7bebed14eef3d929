export const meta = { name: 'onboarding-guide', description: 'Write a guide for newcomers from what the repository says' }

// A tiny functional toolkit.
const pipe = (...functions) => (value) => functions.reduce((result, f) => f(result), value)
const pipeAsync = (...functions) => (value) => functions.reduce((promise, f) => promise.then(f), Promise.resolve(value))
const tap = (f) => (value) => (f(value), value)
const prop = (key) => (object) => object?.[key]
const not = (f) => (...xs) => !f(...xs)
const compact = (list) => list.filter(Boolean)
const zip = (left, right) => left.map((item, index) => [item, right[index]])
const groupBy = (list, key) =>
  list.reduce((groups, item) => {
    const name = key(item)
    return { ...groups, [name]: [...(groups[name] ?? []), item] }
  }, {})
const isBlank = (text) => !text || /^\s*$/.test(text)
const sentence = pipe(
  (text) => text.trim(),
  (text) => text.replace(/\s+/g, ' '),
  (text) => (/[.!?]$/.test(text) ? text : `${text}.`),
)

const SECTION = {
  type: 'object',
  properties: {
    heading: { type: 'string' },
    audience: { type: 'string', enum: ['everyone', 'developers', 'operators'] },
    body: { type: 'string' },
    links: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' }, url: { type: 'string' } }, required: ['url'] } },
  },
  required: ['heading', 'audience', 'body'],
}

const questions = [
  'What is this project for?',
  'How is it built and run?',
  'Where does a newcomer start reading?',
  'How are changes reviewed and released?',
]

const write = (question) =>
  agent(`Answer for a newcomer, from the repository alone: ${question}`, { label: question, schema: SECTION })

const sections = compact(await parallel(questions.map((question) => () => write(question))))
const byAudience = groupBy(sections, prop('audience'))
const audiences = Object.keys(byAudience)

const render = ({ heading, body, links = [] }) => {
  const list = links.map(({ text, url }) => `- [${text ?? new URL(url, 'https://example.org').pathname}](${url})`)
  return compact([`## ${heading}`, body.trim(), list.join('\n')]).join('\n\n')
}

const draft = audiences.map((audience) => `# For ${audience}\n\n${byAudience[audience].map(render).join('\n\n')}`).join('\n\n')

const polish = pipeAsync(
  (text) => agent(`Polish this guide without making it longer:\n\n${text}`, { label: 'polish' }),
  (text) => text ?? draft,
  tap((text) => log(`${text.split('\n').length} lines`)),
)
const guide = await polish(draft)
const headings = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => sentence(heading)).filter(not(isBlank))
const answered = zip(questions, sections).filter(([, section]) => section).length
return { guide, headings, answered, places: process.cwd() === cwd }
