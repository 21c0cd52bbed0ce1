-- Brings back what a server acknowledged. ARGV: 4 the round, 5 how many sheets, for each its group and tag; then the members.
if standing ~= 'fine' and standing ~= 'recovering' then return answer('') end
-- Whoever was left out when the round was closed stays out: the count was announced without it.
if string.find(',' .. without .. ',', ',' .. me .. ',', 1, true) then return answer('left_out') end
if state == 'open' or state == 'closing' then
  call('SADD', at('casting'), round)
  call('SADD', at('casters:' .. round), me)
end
call('SADD', at('members'), me)
call('HSETNX', at('took:' .. round), me, 0)
count_sheets()
for place = members_from, #ARGV do
  local member = ARGV[place]
  local tag = tag_of(member)
  local there = there_is(tag)
  if not there then
    put(member, '')
  elseif there ~= member and call('ZREM', at('since:' .. round), tag) == 1 then
    call('ZREM', box, there)
    put(member, '')
  end
end
return answer('merged')
