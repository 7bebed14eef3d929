vim.bo.commentstring = '// %s'
vim.bo.comments = 'sO:* -,mO:*  ,exO:*/,s1:/*,mb:*,ex:*/,://'
vim.bo.suffixesadd = '.js,.mjs'
vim.opt_local.formatoptions:remove('t')
vim.opt_local.formatoptions:append('croql')
vim.b.undo_ftplugin = 'setlocal commentstring< comments< suffixesadd< formatoptions<'

-- The parser may not be installed; the syntax file serves then.
pcall(vim.treesitter.start)
