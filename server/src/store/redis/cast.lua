-- One phone's batch, all or nothing. ARGV: 4 the round; then for each ballot: member, group, answer. Answers a letter for each ballot:
-- I is in, W was in, C conflicts, B another one of the batch conflicts, X the round takes none.
if standing ~= 'fine' then return answer('') end
local takes = (state == 'open' or state == 'closing') and not is_frozen
local fresh, verdicts, conflicts = {}, {}, false
for place = 5, #ARGV, 3 do
  local member = ARGV[place]
  local token = string.sub(member, 1, 34)
  local there = there_is(token) or fresh[token]
  local verdict = 'W'
  if there and there ~= member then
    verdict, conflicts = 'C', true
  elseif not there and takes then
    verdict, fresh[token] = 'I', member
  elseif not there then
    verdict = 'X'
  end
  verdicts[#verdicts + 1] = verdict
end
local sheets, is_new = 0, false
for place = 5, #ARGV, 3 do
  local member, number = ARGV[place], (place - 5) / 3 + 1
  local token = string.sub(member, 1, 34)
  if conflicts then
    if fresh[token] and verdicts[number] ~= 'C' then verdicts[number] = 'B' end
  elseif verdicts[number] == 'I' then
    put(member, ARGV[place + 1], ARGV[place + 2])
    is_new = true
    if contest_of(member) == 0 then sheets = sheets + 1 end
    -- A server whose ballots are still to come back may hold another ballot of this token, which was acknowledged before.
    if partial then call('ZADD', at('since:' .. round), 0, token) end
  end
end
if takes and not conflicts then
  call('SADD', at('members'), me)
  call('SADD', at('casting'), round)
  call('SADD', at('casters:' .. round), me)
end
if sheets > 0 then call('HINCRBY', at('took:' .. round), me, sheets) end
-- A repeat writes something too: WAIT waits for nothing else.
if not is_new then call('SET', at('touched'), '1') end
return answer('cast', table.concat(verdicts))
