-- The meetings of some names. ARGV from 4 on: kind, digest.
local found = {}
for place = 4, #ARGV, 2 do found[#found + 1] = call('HGET', at(ARGV[place]), ARGV[place + 1]) or '' end
return answer(found)
