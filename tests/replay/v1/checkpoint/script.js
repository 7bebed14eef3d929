export const meta = {name: 'test', description: 'a test'}

const colour = await checkpoint('Which colour?', {kind: 'input', default: 'red'})
return await agent(`paint it ${colour}`)
