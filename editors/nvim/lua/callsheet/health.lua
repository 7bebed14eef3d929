--- `:checkhealth callsheet`
local M = {}

local function output(command)
  local ok, result = pcall(function()
    return vim.system(command, { text = true, timeout = 20000 }):wait()
  end)
  if not ok then
    return nil, result
  end
  return result.code == 0 and vim.trim(result.stdout) or nil, vim.trim(result.stderr)
end

local function check_server()
  local config = vim.lsp.config.callsheet
  local command = config and config.cmd
  if type(command) ~= 'table' then
    vim.health.ok('the server is started by a function of yours')
    return
  end
  local executable = vim.fn.exepath(command[1])
  if executable == '' then
    vim.health.error(('`%s` is not executable'):format(command[1]), {
      'Install the engine: pip install callsheet',
      "Or say where it is: vim.lsp.config('callsheet', { cmd = { '/path/to/callsheet-lsp' } })",
    })
    return
  end
  local help, problem = output(vim.list_extend(vim.list_slice(command), { '--help' }))
  if help then
    vim.health.ok(('server: `%s`'):format(table.concat(command, ' ')))
  else
    vim.health.error(('`%s` does not start: %s'):format(table.concat(command, ' '), problem), { 'pip install callsheet' })
  end
end

function M.check()
  vim.health.start('callsheet')
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok('Neovim ' .. tostring(vim.version()))
  else
    vim.health.error('Neovim 0.11 or newer is needed')
  end
  check_server()
  if vim.lsp.is_enabled and not vim.lsp.is_enabled('callsheet') then
    vim.health.warn('the client is not enabled', { "vim.lsp.enable('callsheet')" })
  end
  local client = vim.lsp.get_clients({ name = 'callsheet' })[1]
  if client then
    vim.health.ok(('attached to %d buffer(s), root %s'):format(vim.tbl_count(client.attached_buffers), client.root_dir or '-'))
  else
    vim.health.info('not running: it starts with the first workflow script that is opened')
  end
  local git = output({ 'git', '--version' })
  if git then
    vim.health.ok(git)
  else
    vim.health.warn('git was not found: isolated agents work in the shared tree')
  end
  if pcall(vim.treesitter.language.inspect, 'javascript') then
    vim.health.ok('highlighting by the tree-sitter parser for JavaScript')
  else
    vim.health.info('highlighting by the syntax file; the tree-sitter parser for JavaScript is not installed')
  end
end

return M
