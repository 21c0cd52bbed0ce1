-- Brings ballots back that a server acknowledged. ARGV: 4 the round; then for each ballot: member, group, answer.
if standing ~= 'fine' and standing ~= 'recovering' then return answer('') end
-- Whoever was left out when the round was closed stays out: the count was announced without it.
if string.find(',' .. without .. ',', ',' .. me .. ',', 1, true) then return answer('left_out') end
if state == 'open' or state == 'closing' then
  call('SADD', at('casting'), round)
  call('SADD', at('casters:' .. round), me)
end
call('SADD', at('members'), me)
call('HSETNX', at('took:' .. round), me, 0)
local function take_away(member)
  call('ZREM', box, member)
  local contest, group = contest_of(member), string.sub(member, 39, 38 + string.byte(member, 38))
  if contest == 0 then
    call('HINCRBY', at('counts:' .. round), 'returned:' .. group, -1)
  else
    local pending, key = at('pending:' .. round .. ':' .. contest), string.sub(member, 3, 34)
    local there = call('ZRANGEBYLEX', pending, '[' .. key, '(' .. key .. '\255', 'LIMIT', 0, 1)[1]
    if there then call('ZREM', pending, there) end
  end
end
for place = 5, #ARGV, 3 do
  local member = ARGV[place]
  local token = string.sub(member, 1, 34)
  local there = there_is(token)
  if not there then
    put(member, ARGV[place + 1], ARGV[place + 2])
  elseif there ~= member and call('ZREM', at('since:' .. round), token) == 1 then
    take_away(there)
    put(member, ARGV[place + 1], ARGV[place + 2])
  end
end
return answer('merged')
