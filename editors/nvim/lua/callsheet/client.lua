--- The language client: its configuration, and the commands that the server executes.
local M = {}

local NAME = 'callsheet'
--- Opens a script in a Markdown page.
M.FENCE = '^%s*[`~][`~][`~]+%s*[js ]*workflow'
local ROOTS = { '.callsheet', '.git', 'callsheet.toml' }

local function has_fence(buffer)
  for _, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    if line:match(M.FENCE) then
      return true
    end
  end
  return false
end

local function root_dir(buffer, on_dir)
  if vim.bo[buffer].filetype == 'markdown' and not has_fence(buffer) then
    return
  end
  on_dir(vim.fs.root(buffer, ROOTS) or vim.fn.getcwd())
end

-- Folders that came while the server was being started.
local late = {}

local function tell_folders(client, folders)
  client:notify('workspace/didChangeWorkspaceFolders', { event = { added = folders, removed = {} } })
end

-- One server for every project: a run is then known whichever buffer one looks from.
local function reuse_client(client, config)
  if client.name ~= config.name then
    return false
  end
  local root = config.root_dir
  client.workspace_folders = client.workspace_folders or {}
  for _, folder in ipairs(client.workspace_folders) do
    if folder.name == root then
      return true
    end
  end
  local folder = { uri = vim.uri_from_fname(root), name = root }
  table.insert(client.workspace_folders, folder)
  if client.initialized then
    tell_folders(client, { folder })
  else
    table.insert(late, folder)
  end
  return true
end

local function command()
  if vim.fn.executable('callsheet-lsp') == 1 then
    return { 'callsheet-lsp' }
  end
  return { vim.fn.executable('python3') == 1 and 'python3' or 'python', '-m', 'callsheet_server' }
end

local function on_attach(client, buffer)
  local group = vim.api.nvim_create_augroup('callsheet.buffer.' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged', 'BufWritePost' }, {
    group = group,
    buffer = buffer,
    callback = function()
      M.refresh_lenses(buffer)
    end,
  })
  vim.api.nvim_create_autocmd('LspDetach', {
    group = group,
    buffer = buffer,
    callback = function(event)
      if event.data.client_id == client.id then
        vim.api.nvim_del_augroup_by_id(group)
      end
    end,
  })
  M.refresh_lenses(buffer)
  require('callsheet.marks').show(buffer)
end

-- What the lenses of a buffer said last, by buffer.
local told = {}

-- Lenses tell of the newest run: they are asked for again when it went on.
local function refresh_changed()
  local store = require('callsheet.store')
  local client = M.get()
  for buffer in pairs(client and client.attached_buffers or {}) do
    local run = store.of_buffer(buffer)
    local now = run and vim.inspect({ run.summary.runId, run.summary.status, run.summary.counts, run.summary.usage }) or ''
    if told[buffer] ~= now then
      told[buffer] = now
      M.refresh_lenses(buffer)
    end
  end
end

--- The configuration that `vim.lsp.config` extends.
function M.config()
  local store = require('callsheet.store')
  store.on_change(refresh_changed)
  return {
    cmd = command(),
    filetypes = { 'callsheet', 'markdown' },
    root_dir = root_dir,
    reuse_client = reuse_client,
    on_attach = on_attach,
    on_init = function(client)
      if #late > 0 then
        tell_folders(client, late)
        late = {}
      end
      store.reload(client)
    end,
    on_exit = vim.schedule_wrap(function()
      store.disconnected()
    end),
    handlers = {
      ['callsheet/run'] = function(_, run)
        store.on_run(run)
      end,
      ['callsheet/agent'] = function(_, agent)
        store.on_agent(agent)
      end,
      ['callsheet/log'] = function(_, log)
        store.on_log(log)
      end,
      ['callsheet/question'] = function(_, question)
        store.on_question(question)
      end,
    },
    -- What the server would open, such as a diff, opens in buffers of ours, with keys that act on it.
    capabilities = { window = { showDocument = { support = false } } },
    commands = {
      ['callsheet.stop'] = function(lens)
        require('callsheet.commands').act('stop', lens.arguments[1])
      end,
      ['callsheet.pause'] = function(lens)
        require('callsheet.commands').act('pause', lens.arguments[1])
      end,
      ['callsheet.showRun'] = function()
        require('callsheet.board').open()
      end,
      ['callsheet.transcript'] = function(lens)
        require('callsheet.transcript').show(lens.arguments[1].runId, lens.arguments[1].call)
      end,
      ['callsheet.changes'] = function(lens)
        local target = lens.arguments[1]
        if target.action == 'apply' or target.action == 'drop' then
          M.execute('callsheet.changes', target)
        else
          require('callsheet.changes').show(target)
        end
      end,
    },
  }
end

--- The running client, nil where there is none.
function M.get()
  return vim.lsp.get_clients({ name = NAME })[1]
end

--- Has the server execute a command; `done(result)` is called when it answers. Errors are told to the person,
--- and then `failed()` is called.
function M.execute(name, argument, done, failed)
  local client = M.get()
  if not client then
    vim.notify('Callsheet: the server is not running. Open a workflow script, or see :checkhealth callsheet.', vim.log.levels.ERROR)
    return
  end
  client:request('workspace/executeCommand', { command = name, arguments = { argument } }, function(err, result)
    if err then
      vim.notify('Callsheet: ' .. err.message, vim.log.levels.ERROR)
      if failed then
        failed()
      end
    elseif done then
      done(result ~= vim.NIL and result or nil)
    end
  end)
end

--- Asks for the lenses of a buffer again: Neovim 0.11 does not do so by itself.
function M.refresh_lenses(buffer)
  if vim.api.nvim_buf_is_loaded(buffer) and #vim.lsp.get_clients({ bufnr = buffer, name = NAME, method = 'textDocument/codeLens' }) > 0 then
    vim.lsp.codelens.refresh({ bufnr = buffer })
  end
end

return M
