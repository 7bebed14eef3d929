return require('callsheet.client').config()
