-- Goes on in this epoch. ARGV: 4 '1' where a server is missing, 5 the time in milliseconds since 1970.
if standing ~= 'recovering' then return answer('') end
-- That a box was frozen is lost too: who came too late before stays so.
local fields = call('HGETALL', at('meeting'))
for place = 1, #fields, 2 do
  local round = string.match(fields[place], '^ends:(%d+)$')
  local ends = tonumber(fields[place + 1])
  if round and ends and ends <= tonumber(ARGV[5]) and call('HGET', at('meeting'), 'round:' .. round) == 'closing' then
    call('SADD', at('frozen'), round)
  end
end
call('HSET', at('meeting'), 'recovering', '0', 'partial', ARGV[4])
standing = 'fine'
return answer('resumed')
