-- Names meetings, and puts them into the list. ARGV from 4 on: kind, name, value; of the kind 'summary' the name is the meeting,
-- and the value its version, a blank, and the JSON that the list shows: the highest version stays.
if standing ~= 'fine' and standing ~= 'recovering' then return answer('') end
for place = 4, #ARGV, 3 do
  local kind, name, value = ARGV[place], ARGV[place + 1], ARGV[place + 2]
  if kind == 'member' then
    call('SADD', at('members'), name)
  elseif kind ~= 'summary' then
    call('HSETNX', at(kind), name, value)
  else
    local there = tonumber(string.match(call('HGET', at('summaries'), name) or '0 ', '^(%d+) '))
    if tonumber(string.match(value, '^(%d+) ')) > there then call('HSET', at('summaries'), name, value) end
    if not call('ZSCORE', at('list'), name) then call('ZADD', at('list'), call('INCR', at('listed')), name) end
  end
end
call('SADD', at('members'), me)
return answer('named')
