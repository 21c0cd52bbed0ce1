-- The pool rule. ARGV: 4 the round, 5 how many stay unseen, 6 how many contests, 7 randomness: six bytes for each that stays.
if standing ~= 'fine' then return answer('') end
local round, stay, random = ARGV[4], tonumber(ARGV[5]), ARGV[7]
if call('SISMEMBER', at('frozen'), round) == 1 then return answer('frozen') end
local released = at('released:' .. round)
-- After lost history a second choice among the same ballots would tell more than the first.
if call('HEXISTS', at('meeting'), 'stopped:' .. round) == 1 then return answer('stopped', call('HGETALL', released)) end
for contest = 1, tonumber(ARGV[6]) do
  local pool = at('pending:' .. round .. ':' .. contest)
  local pending = call('ZCARD', pool)
  if pending >= 2 * stay then
    local stays, swapped = {}, {}
    for number = 1, stay do
      local draw, from = 0, ((contest - 1) * stay + number - 1) * 6
      for byte = 1, 6 do draw = draw * 256 + string.byte(random, from + byte) end
      local last = pending - number
      local place = draw % (last + 1)
      stays[swapped[place] or place] = true
      swapped[place] = swapped[last] or last
    end
    for place, ballot in ipairs(call('ZRANGE', pool, 0, -1)) do
      if not stays[place - 1] then
        call('ZREM', pool, ballot)
        call('HINCRBY', released, contest .. ':' .. string.sub(ballot, 33), 1)
      end
    end
  end
end
return answer('released', call('HGETALL', released))
