-- What a server looks at once a second. ARGV: 4 the round whose counts it wants, 5 the version of its pool that it knows.
-- Answers heads, counts, servers that wrote, frozen rounds that this server has not signed off, rounds whose keys are erased,
-- for every round that is not counted the servers that may have taken ballots of it: round, server, sheets; and the version of
-- the round's pool with the pool, where it is another one and releases did not stop.
local unsigned, casters = {}, {}
for _, round in ipairs(call('SMEMBERS', at('casting'))) do
  local is_frozen = call('SISMEMBER', at('frozen'), round) == 1
  if is_frozen and call('SISMEMBER', at('casters:' .. round), me) == 1 then unsigned[#unsigned + 1] = round end
  local state = call('HGET', at('meeting'), 'round:' .. round)
  local took = (state == 'armed' or state == 'open' or state == 'closing') and call('HGETALL', at('took:' .. round)) or {}
  for place = 1, #took, 2 do
    casters[#casters + 1] = round
    casters[#casters + 1] = took[place]
    casters[#casters + 1] = took[place + 1]
  end
end
local pool = call('HMGET', at('pool:' .. ARGV[4]), 'version', 'pool')
local is_known = not pool[2] or pool[1] == ARGV[5] or call('HEXISTS', at('meeting'), 'stopped:' .. ARGV[4]) == 1
return answer(call('HGETALL', at('heads')), call('HGETALL', at('counts:' .. ARGV[4])), call('SMEMBERS', at('members')),
  unsigned, call('SMEMBERS', at('erased')), casters, is_known and {} or pool)
