--- Transcripts of agents: Markdown buffers that grow as the agent works.
local scratch = require('callsheet.scratch')
local status = require('callsheet.status')
local store = require('callsheet.store')

local M = {}

local SETTLE_MS = 50
local followed = {}

local function text(value)
  if value == nil or value == vim.NIL then
    return ''
  end
  return type(value) == 'string' and value or vim.json.encode(value)
end

local function section(title, value)
  local body = vim.trim(text(value))
  return body ~= '' and ('## %s\n\n%s'):format(title, body) or nil
end

local function fenced(body, language)
  local fence = '```'
  while body:find(fence, 1, true) do
    fence = fence .. '`'
  end
  return ('%s%s\n%s\n%s'):format(fence, language, (body:gsub('\n$', '')), fence)
end

local RENDERERS = {
  start = function(entry)
    return { section('Prompt', entry.prompt), section('System', entry.system) }
  end,
  assistant = function(entry)
    local blocks = { section('Agent', entry.text) }
    for _, call in ipairs(type(entry.calls) == 'table' and entry.calls or {}) do
      table.insert(blocks, ('### %s\n\n%s'):format(text(call.name), fenced(text(call.arguments), 'json')))
    end
    return blocks
  end,
  tool = function(entry)
    return { ('### %s %s\n\n%s'):format(entry.failed == true and '✗' or '→', text(entry.name), fenced(text(entry.text), 'text')) }
  end,
  usage = function()
    return {}
  end,
  waiting = function(entry)
    return { '> waiting: ' .. text(entry.text) }
  end,
  ['end'] = function(entry)
    return { '## ' .. (entry.status == 'done' and 'Result' or 'Failed'), text(entry.value ~= nil and entry.value or entry.message) }
  end,
}

local function body(path)
  local file = io.open(path, 'r')
  if not file then
    return {}
  end
  local blocks, attempt = {}, 1
  for line in file:lines() do
    local ok, entry = pcall(vim.json.decode, line)
    if ok and type(entry) == 'table' then
      if entry.attempt and entry.attempt ~= attempt then
        attempt = entry.attempt
        table.insert(blocks, '# Try ' .. attempt)
      end
      local renderer = RENDERERS[entry.kind]
      for _, block in pairs(renderer and renderer(entry) or { '### ' .. text(entry.kind) }) do
        if block ~= '' then
          table.insert(blocks, block)
        end
      end
    end
  end
  file:close()
  return blocks
end

local function render(shown)
  shown.pending = false
  if not vim.api.nvim_buf_is_valid(shown.buffer) then
    return
  end
  local run = store.get(shown.run_id)
  local agent = run and run.agents[shown.call]
  local blocks = {}
  if agent then
    local facts = status.joined(status.agent(agent.status).text, agent.model, status.duration(agent.durationMs), status.tokens(agent.tokens), status.cost(agent.cost))
    vim.list_extend(blocks, { '# ' .. agent.label, status.joined(run.summary.name, agent.phase, 'call ' .. agent.call), facts })
    if agent.reason then
      table.insert(blocks, ('**%s**: %s'):format(agent.reason.code, agent.reason.message))
    end
    if agent.worktree then
      table.insert(blocks, 'Worktree: `' .. (agent.worktree.ref or agent.worktree.path) .. '`')
    end
  end
  vim.list_extend(blocks, body(shown.path))
  scratch.set(shown.buffer, vim.split(table.concat(blocks, '\n\n'), '\n'))
end

local function soon(shown)
  if not shown.pending then
    shown.pending = true
    vim.defer_fn(function()
      render(shown)
    end, SETTLE_MS)
  end
end

local function follow(shown)
  local watcher = vim.uv.new_fs_event()
  if not watcher then
    return
  end
  -- The folder, not the file: the file may not be there yet.
  watcher:start(
    vim.fs.dirname(shown.path),
    {},
    vim.schedule_wrap(function(err, name)
      if not err and (name == nil or name == vim.fs.basename(shown.path)) then
        soon(shown)
      end
    end)
  )
  vim.api.nvim_create_autocmd({ 'BufDelete', 'BufWipeout' }, {
    buffer = shown.buffer,
    once = true,
    callback = function()
      watcher:stop()
      followed[shown.buffer] = nil
    end,
  })
end

--- Opens the transcript of a call.
function M.show(run_id, call)
  store.load(run_id, function(run)
    local folder = store.folder(run)
    if not folder then
      vim.notify('Callsheet: the folder of this run is not on this machine.', vim.log.levels.WARN)
      return
    end
    local buffer, new = scratch.buffer(('callsheet://%s/%d'):format(run_id, call), 'markdown')
    if new then
      local shown = { buffer = buffer, run_id = run_id, call = call, path = ('%s/agents/%d.jsonl'):format(folder, call) }
      followed[buffer] = shown
      follow(shown)
      scratch.map(buffer, { q = { 'Close', '<cmd>close<cr>' } })
    end
    scratch.open(buffer)
    render(followed[buffer])
  end)
end

store.on_change(function()
  for _, shown in pairs(followed) do
    soon(shown)
  end
end)

return M
