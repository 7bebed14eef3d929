export const meta = {
  name: 'explain-code',
  description: 'Explain a file or folder from three points of view and join them into one page',
  whenToUse: 'You have to change code that you did not write.',
  phases: [{ title: 'Look' }, { title: 'Join' }],
}

const VIEWS = {
  'what it does': 'its purpose, its inputs and outputs, who calls it',
  'how it works': 'the main steps in order, the data that flows between them, the tricky parts',
  'how to change it': 'what is safe to touch, what else breaks, which tests to run',
}

const target = args?.path ?? '.'

phase('Look')
const views = Object.entries(VIEWS)
const notes = await parallel(
  views.map(([view, lookFor]) => () =>
    agent(`Explain ${target}: ${view}. Cover ${lookFor}. Name files and lines.`, {
      label: view,
      agentType: 'Explore',
    }),
  ),
)
const usable = notes.filter(Boolean)
if (usable.length === 0) throw new Error(`Nobody could explain ${target}`)

phase('Join')
const page = await agent(
  `Join these notes on ${target} into one page of Markdown without repeating anything:\n\n${usable.join('\n\n---\n\n')}`,
  { label: 'join' },
)
return page ?? usable.join('\n\n')
