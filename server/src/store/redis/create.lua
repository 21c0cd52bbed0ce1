-- A meeting with all its seats and links, or nothing. ARGV: 4 its epoch, 5 its version, 6 '1' where it is brought back after
-- history was lost, 7..11 its document, 12 how many seats; for each seat: number, JSON, code, group; then links: hash, role.
-- The same creation again, because its answer was lost, made it.
if head[1] then return answer(head[1] == ARGV[4] and 'made' or 'exists') end
epoch, standing = ARGV[4], 'fine'
call('HSET', at('meeting'), 'epoch', epoch, 'script', ours, 'run', run, 'recovering', ARGV[6], 'partial', '0')
write_document(7, tonumber(ARGV[5]), ARGV[6] == '1')
local seats = tonumber(ARGV[12])
local place = 13
for _ = 1, seats do
  local seat, json, code, group = ARGV[place], ARGV[place + 1], ARGV[place + 2], ARGV[place + 3]
  call('HSET', at('seats'), seat, json)
  call('HSET', at('codes'), code, seat)
  call('ZADD', at('free:' .. group), tonumber(seat), seat)
  local leads = cjson.decode(json).leads_subject
  if leads ~= cjson.null then
    call('HSET', at('led'), leads, seat)
    call('HINCRBY', at('heads'), 'named:' .. group, 1)
  end
  place = place + 4
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
