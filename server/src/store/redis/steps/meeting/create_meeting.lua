-- A meeting with all its seats and links, or nothing. ARGV: 4 its epoch, 5 its version, 6 '1' where it is brought back after
-- history was lost, 7..11 its document, 12 how many seats; for each seat: number, the seat, code; then links: hash, role.
-- The same creation again, because its answer was lost, made it. One that is brought back takes the place of what earlier steps
-- left of it.
if standing == 'stranger' or standing == 'newer' then return answer('') end
if standing == 'earlier' then
  if ARGV[6] ~= '1' then return answer('exists') end
  empty_earlier()
elseif head[1] then
  return answer(head[1] == ARGV[4] and 'made' or 'exists')
end
epoch, standing = ARGV[4], 'fine'
call('HSET', at('meeting'), 'epoch', epoch, 'script', ours, 'check', check, 'run', run, 'recovering', ARGV[6], 'partial', '0')
write_document(7, tonumber(ARGV[5]), ARGV[6] == '1')
local seats = tonumber(ARGV[12])
local place = 13
for _ = 1, seats do
  local number, seat, code = ARGV[place], ARGV[place + 1], ARGV[place + 2]
  local group, leads = group_and_subject(seat)
  call('HSET', at('seats'), number, seat)
  call('HSET', at('codes'), code, number)
  call('ZADD', at('free:' .. group), tonumber(number), number)
  if leads ~= '' then
    call('HSET', at('led'), leads, number)
    call('HINCRBY', at('heads'), 'named:' .. group, 1)
  end
  place = place + 3
end
while place < #ARGV do
  call('HSET', at('links'), ARGV[place], ARGV[place + 1])
  call('RPUSH', at('links:' .. ARGV[place + 1]), ARGV[place])
  place = place + 2
end
if ARGV[6] == '1' then
  standing = 'recovering'
  stop_live_releases()
else
  call('SADD', at('members'), me)
end
return answer('made')
