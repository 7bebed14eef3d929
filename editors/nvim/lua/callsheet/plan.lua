--- A plan, as Markdown.
local M = {}

function M.lines(name, plan)
  local lines = { '# Preview of ' .. name, '', '```json' }
  vim.list_extend(lines, vim.split(vim.json.encode(plan), '\n'))
  table.insert(lines, '```')
  return lines
end

return M
