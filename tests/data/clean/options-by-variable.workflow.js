export const meta = {
  name: 'options-by-variable',
  description: 'Options, prompts, thunks and stages that come from variables, functions and spreads.',
  model: 'sonnet',
}

const defaults = { tier: 'small', timeoutMs: 2 * 60 * 1000 }
const strong = Object.assign({}, defaults, { tier: 'big', effort: 'high' })
const withLabel = (label, options = defaults) => ({ ...options, label })

const SCHEMAS = new Map([
  ['list', { type: 'object', properties: { items: { type: 'array', items: { type: 'string' } } }, required: ['items'] }],
  ['yesno', { type: 'object', properties: { yes: { type: 'boolean' } }, required: ['yes'] }],
])

async function askList(prompt, options) {
  const answer = await agent(prompt, { ...withLabel('list', options), schema: SCHEMAS.get('list') })
  return answer ? answer.items : []
}

async function askYesNo(prompt) {
  const answer = await agent(prompt, { ...strong, schema: SCHEMAS.get('yesno') })
  return answer !== null && answer.yes === true
}

const topics = await askList('List five topics of the documentation.', strong)
const thunks = topics.map((topic) => () => askYesNo(`Is "${topic}" covered by tests?`))
const covered = await parallel(thunks)

const stages = [
  (topic) => askList(`List gaps in "${topic}".`),
  (gaps, topic) => (gaps.length ? { topic, gaps } : null),
  async (entry) => entry && { ...entry, fixed: await askYesNo(`Can ${entry.gaps[0]} be fixed in an hour?`) },
]
const plans = await pipeline(topics, ...stages)

const runners = { now: (work) => work(), later: async (work) => (await null, work()) }
const mode = args?.mode === 'later' ? 'later' : 'now'
const extra = await runners[mode](() => askList('List what was forgotten.'))

const [head, ...tail] = plans.filter((plan) => plan !== null)
const prompt = head ? `Start with ${head.topic}: ${head.gaps.join(', ')}` : 'Say that there is nothing to do.'
const opening = await agent(prompt, withLabel('opening'))

const opts = undefined
const closing = await agent('Close with one sentence.', opts)
const jobs = []
jobs.push(() => agent('One more.', defaults), () => agent('And another.', defaults))
if (args?.deep) jobs.push(...topics.map((topic) => () => agent(`Dig into ${topic}.`)))
const extraAnswers = await parallel(jobs)

return {
  covered: topics.filter((_, i) => covered[i]),
  rest: tail.length,
  text: [opening, ...extraAnswers, closing].filter((part) => typeof part === 'string').join('\n\n'),
  extra,
}
