if vim.g.loaded_callsheet then
  return
end
vim.g.loaded_callsheet = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('Callsheet needs Neovim 0.11 or newer.', vim.log.levels.WARN)
  return
end

vim.treesitter.language.register('javascript', 'callsheet')

vim.api.nvim_create_user_command('Callsheet', function(arguments)
  require('callsheet.commands').run(arguments)
end, {
  nargs = '*',
  range = true,
  desc = 'Run, watch and resume agent workflow scripts',
  complete = function(lead, line)
    return require('callsheet.commands').complete(lead, line)
  end,
})

vim.lsp.enable('callsheet')
