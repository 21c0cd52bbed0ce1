-- Puts members into the box of a round: shared by a cast and by a box that is brought back. A member is a tag of 16 bytes, by
-- which a second ballot of a token is found, and the ballot, opinion or filler itself, sealed; no step can tell which it is. All
-- have the score 0, so that the order is that of the bytes and of nothing else. Sheets are counted by tags of their own.
local TAG = 16
local round = ARGV[4]
local box = at('box:' .. round)
local told = call('HMGET', at('meeting'), 'round:' .. round, 'live', 'partial', 'without:' .. round, 'stopped:' .. round)
local is_frozen = call('SISMEMBER', at('frozen'), round) == 1
local state, partial, without = told[1], told[3] == '1', told[4] or ''
-- What waits for a release is only kept while one may come.
local shown_live = told[2] == '1' and not is_frozen and not told[5]
local function tag_of(member) return string.sub(member, 1, TAG) end
local function there_is(tag)
  local found = call('ZRANGEBYLEX', box, '[' .. tag, '+', 'LIMIT', 0, 1)[1]
  return found and tag_of(found) == tag and found
end
local function put(member, fresh)
  call('ZADD', box, 0, member)
  if shown_live and fresh ~= '' then call('ZADD', at('fresh:' .. round), 0, fresh) end
end
-- ARGV[5] is how many sheets there are, and for each of them its group and tag follow; then the members. Answers how many are new.
local members_from = 6 + 2 * tonumber(ARGV[5])
local function count_sheets()
  local new = 0
  for place = 6, members_from - 1, 2 do
    if call('ZADD', at('sheets:' .. round), 0, ARGV[place + 1]) == 1 then
      call('HINCRBY', at('counts:' .. round), 'returned:' .. ARGV[place], 1)
      new = new + 1
    end
  end
  return new
end
