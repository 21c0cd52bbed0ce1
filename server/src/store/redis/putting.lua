-- Puts ballots and opinions into the box of a round: shared by a cast and by a box that is brought back. A member is contest
-- (2 bytes, of an opinion 32768 more), key (32 bytes), and the ballot or opinion as it is encoded; all have the score 0, so that the order is that of the bytes and of nothing else.
local round = ARGV[4]
local box = at('box:' .. round)
local told = call('HMGET', at('meeting'), 'round:' .. round, 'live', 'partial', 'without:' .. round)
local is_frozen = call('SISMEMBER', at('frozen'), round) == 1
local state, partial, without = told[1], told[3] == '1', told[4] or ''
-- What is not released is only kept while a release may come.
local shown_live = told[2] == '1' and not is_frozen
local function there_is(token)
  return call('ZRANGEBYLEX', box, '[' .. token, '(' .. token .. '\255', 'LIMIT', 0, 1)[1]
end
local function contest_of(member) return string.byte(member, 1) * 256 + string.byte(member, 2) end
local function put(member, group, mark)
  call('ZADD', box, 0, member)
  local contest = contest_of(member)
  -- Of an opinion nothing is told before the round is closed.
  if contest >= 32768 then return end
  if contest == 0 then
    call('HINCRBY', at('counts:' .. round), 'returned:' .. group, 1)
  elseif shown_live then
    call('ZADD', at('pending:' .. round .. ':' .. contest), 0, string.sub(member, 3, 34) .. mark)
  end
end
