export const meta = { name: 'errors', description: 'Every way of catching' }
const S = { type: 'object', properties: { patch: { type: 'string' }, files: { type: 'array', items: { type: 'string' } } }, required: ['patch', 'files'] }
const safe = (promise) => promise.then((value) => ({ value, error: null }), (error) => ({ value: null, error }))
const { value, error } = await safe(agent('Make a patch.', { schema: S }))
if (error) log(`failed: ${error.message}`)
if (value) log(value.files.length)
const caught = await agent('Another.', { schema: S }).catch((e) => {
  if (e.code === 'TOKEN_BUDGET_EXHAUSTED') throw e
  return { patch: '', files: [] }
})
log(caught?.files.length ?? 0)
let third
try {
  third = await agent('Third.', { schema: S })
} catch {
  third = null
} finally {
  log('third is over')
}
if (third === null) {
  return { patches: [value?.patch].filter(Boolean) }
}
const results = await parallel([
  () => agent('a', { schema: S }).catch(() => null),
  async () => {
    try {
      return await agent('b', { schema: S })
    } catch (e) {
      log(String(e))
      return null
    }
  },
])
const ok = results.filter((r) => !!r)
if (ok.length < results.length) log(`${results.length - ok.length} failed`)
try {
  const fourth = await agent('Fourth', { schema: S })
  log(fourth.files.join())
} catch (e) {
  log('fourth failed')
}
return { patches: [value, third, ...ok].flatMap((r) => (r ? [r.patch] : [])) }
