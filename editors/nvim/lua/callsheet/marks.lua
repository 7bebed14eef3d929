--- The state of the newest run beside the lines of its agents: a sign, and virtual text at the end of the line.
local status = require('callsheet.status')
local store = require('callsheet.store')

local M = {}

local namespace = vim.api.nvim_create_namespace('callsheet.agents')
-- By buffer: the run shown, and for each line of its script the mark that follows it and the text it stood on.
local shown = {}

local function sites(run)
  local by_line = {}
  for _, agent in ipairs(store.agents(run)) do
    -- What a nested workflow called stands in a file of its own.
    if agent.line and not agent.file then
      by_line[agent.line] = by_line[agent.line] or {}
      table.insert(by_line[agent.line], agent)
    end
  end
  return by_line
end

local function text_at(buffer, row)
  return vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]
end

-- The nearest row whose text is that of a line of the run's script; nil where it was edited before the run was seen.
local function first_row(buffer, script, line)
  local wanted = script and script[line] or text_at(buffer, line - 1)
  local best
  for row, text in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    if text == wanted and (not best or math.abs(row - line) < math.abs(best - line)) then
      best = row
    end
  end
  return best and best - 1, wanted
end

-- The row of a site now; nil where its line is no longer the one that was run.
local function place(buffer, known, line)
  local mark = known.marks[line]
  if not mark then
    local row, text = first_row(buffer, known.script, line)
    known.marks[line] = { text = text, gone = row == nil }
    return row
  end
  if mark.gone then
    return nil
  end
  local row = vim.api.nvim_buf_get_extmark_by_id(buffer, namespace, mark.id, {})[1]
  if not row or text_at(buffer, row) ~= mark.text then
    mark.gone = true
    return nil
  end
  return row
end

--- Shows the newest run of a buffer's script.
function M.show(buffer)
  if not vim.api.nvim_buf_is_loaded(buffer) then
    return
  end
  local run = store.of_buffer(buffer)
  local known = shown[buffer]
  if not known or not run or known.run_id ~= run.summary.runId or known.segment ~= run.segment then
    vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
    known = { run_id = run and run.summary.runId, segment = run and run.segment, marks = {} }
    known.script = run and store.script(run)
    shown[buffer] = known
  end
  if not run then
    return
  end
  local by_line = sites(run)
  for line in pairs(known.marks) do
    if not by_line[line] then
      local mark = known.marks[line]
      if mark.id then
        vim.api.nvim_buf_del_extmark(buffer, namespace, mark.id)
      end
      known.marks[line] = nil
    end
  end
  for line, agents in pairs(by_line) do
    local row = place(buffer, known, line)
    local mark = known.marks[line]
    if row then
      local look = status.agent(status.combined(agents))
      mark.id = vim.api.nvim_buf_set_extmark(buffer, namespace, row, 0, {
        id = mark.id,
        virt_text = { { status.line(agents), look.hl } },
        virt_text_pos = 'eol',
        sign_text = look.sign,
        sign_hl_group = look.hl,
        priority = 90,
      })
    elseif mark and mark.id then
      vim.api.nvim_buf_del_extmark(buffer, namespace, mark.id)
      mark.id = nil
    end
  end
end

function M.show_all()
  for buffer in pairs(shown) do
    if not vim.api.nvim_buf_is_valid(buffer) then
      shown[buffer] = nil
    end
  end
  for _, client in ipairs(vim.lsp.get_clients({ name = 'callsheet' })) do
    for buffer in pairs(client.attached_buffers) do
      M.show(buffer)
    end
  end
end

store.on_change(M.show_all)
vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI' }, {
  group = vim.api.nvim_create_augroup('callsheet.marks', {}),
  callback = function(event)
    if shown[event.buf] then
      M.show(event.buf)
    end
  end,
})

return M
