-- One phone's batch, all or nothing. ARGV: 4 the round, 5 how many sheets, for each its group and tag; then for each member: the
-- member, and what the live tally takes of it (empty: none is shown). Answers a verdict for each member, one letter each, so that
-- every answer has one length.
local IN, SAME, CONFLICT, CLOSED, BATCH_CONFLICT = 'I', 'W', 'C', 'X', 'B'
if standing ~= 'fine' then return answer('') end
local is_to_be_counted = state == 'open' or state == 'closing'
local takes = is_to_be_counted and not is_frozen
local new, verdicts, conflicts = {}, {}, false
for place = members_from, #ARGV, 2 do
  local member = ARGV[place]
  local tag = tag_of(member)
  local there = there_is(tag) or new[tag]
  local verdict = SAME
  if there and there ~= member then
    verdict, conflicts = CONFLICT, true
  elseif not there and takes then
    verdict, new[tag] = IN, member
  elseif not there then
    -- A server that is still to bring its ballots back may have this one: nobody knows before the count does.
    if partial and is_to_be_counted then return answer('') end
    verdict = CLOSED
  end
  verdicts[#verdicts + 1] = verdict
end
local is_new = false
for place = members_from, #ARGV, 2 do
  local member, number = ARGV[place], (place - members_from) / 2 + 1
  local tag = tag_of(member)
  if conflicts then
    if new[tag] and verdicts[number] ~= CONFLICT then verdicts[number] = BATCH_CONFLICT end
  elseif verdicts[number] == IN then
    put(member, ARGV[place + 1])
    is_new = true
    -- A server whose ballots are still to come back may hold another ballot of this token, which was acknowledged before.
    if partial then call('ZADD', at('since:' .. round), 0, tag) end
  end
end
if takes and not conflicts then
  call('SADD', at('members'), me)
  call('SADD', at('casting'), round)
  call('SADD', at('casters:' .. round), me)
  local sheets = count_sheets()
  if sheets > 0 then call('HINCRBY', at('took:' .. round), me, sheets) end
end
-- A repeat writes something too: WAIT waits for nothing else.
if not is_new then call('SET', at('touched'), '1') end
return answer('cast', table.concat(verdicts))
