-- Some of the keys that are here, found by looking. ARGV: 4 where the last look ended. Answers where this one ended ('0': at the
-- end), and for each key its name behind the meeting's, its type, and how many entries it has.
local size = {hash = 'HLEN', set = 'SCARD', zset = 'ZCARD', list = 'LLEN', stream = 'XLEN'}
local looked = call('SCAN', ARGV[4], 'MATCH', KEYS[1] .. ':*', 'COUNT', 1000)
local found = {}
for _, key in ipairs(looked[2]) do
  local kind = call('TYPE', key).ok
  found[#found + 1] = string.sub(key, #KEYS[1] + 2)
  found[#found + 1] = kind
  local entries = 1
  if size[kind] then entries = call(size[kind], key) end
  found[#found + 1] = tostring(entries)
end
return answer(looked[1], found)
