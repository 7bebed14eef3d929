export const meta = {name: 'child', description: 'Asks twice'}
return await parallel([1, 2].map((i) => () => agent(`child ${args} ${i}`)))
